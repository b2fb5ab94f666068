"""Which failures are the data's or the call's, and their one line. Anything else is a bug and keeps its trace."""

from __future__ import annotations

import errno
import importlib
from dataclasses import dataclass

DATA_AT_FAULT, CALL_AT_FAULT = 1, 2

_EXIT_CODES = {
    "crawler.site:SiteProfileInvalid": CALL_AT_FAULT,
    "crawler.archive:ArchiveUnwritable": DATA_AT_FAULT,
    "crawler.lock:CorpusBusy": DATA_AT_FAULT,
    "crawler.settings:ContactMissing": CALL_AT_FAULT,
    "crawler.runlog:RunLogDamaged": DATA_AT_FAULT,
    "pipeline.build:NothingArchived": DATA_AT_FAULT,
    "pipeline.work:TooManyFailures": DATA_AT_FAULT,
    "pipeline.plan:ArchiveIncomplete": DATA_AT_FAULT,
    "pipeline.plan:StageRefused": DATA_AT_FAULT,
    "pipeline.parse:PageNotUnderstood": DATA_AT_FAULT,
    "pipeline.movements.registry:MovementUnknown": CALL_AT_FAULT,
    "pipeline.figures.corrections:CorrectionNotUnderstood": DATA_AT_FAULT,
    "pipeline.nlp.crfsuite:ModelNotRead": DATA_AT_FAULT,
    "pipeline.nlp.plain:NotAligned": DATA_AT_FAULT,
    "pipeline.query:CorpusNotBuilt": DATA_AT_FAULT,
    "pipeline.query:QueryRefused": CALL_AT_FAULT,
    "pipeline.recurring:NoArticles": DATA_AT_FAULT,
    "pipeline.publish:PublishRefused": CALL_AT_FAULT,
    "pipeline.retention:NameRefused": CALL_AT_FAULT,
    "pipeline.snapshots:NoSuchSnapshot": CALL_AT_FAULT,
    "pipeline.snapshots:TablesUnreadable": DATA_AT_FAULT,
    "pipeline.commits:CommitConflict": DATA_AT_FAULT,
    "pipeline.disk:TablesUnwritable": DATA_AT_FAULT,
    "pipeline.workers.loop:EngineLost": DATA_AT_FAULT,
    "pipeline.inputs:NotImported": DATA_AT_FAULT,
    "pipeline.sitecheck:NothingToCheck": DATA_AT_FAULT,
    "pipeline.sitedraft:DraftRefused": DATA_AT_FAULT,
    "pipeline.evaluate.expected:ExpectedNotUnderstood": DATA_AT_FAULT,
    "pipeline.evaluate.gold:GoldNotUnderstood": DATA_AT_FAULT,
    "pipeline.exports:ExportRefused": CALL_AT_FAULT,
    "pipeline.demo.articles:DemoArticleInvalid": DATA_AT_FAULT,
    "pipeline.demo.story:DemoFailed": DATA_AT_FAULT,
}

_REFUSED_BY_DISK = {
    errno.EACCES,
    errno.EDQUOT,
    errno.EEXIST,
    errno.EFBIG,
    errno.EIO,
    errno.EISDIR,
    errno.ENAMETOOLONG,
    errno.ENOSPC,
    errno.ENOTDIR,
    errno.EPERM,
    errno.EROFS,
}


@dataclass(frozen=True, slots=True)
class Failure:
    """One line for the user, and the exit code."""

    line: str
    exit_code: int


def one_line(message: str) -> str:
    """Return the message without line breaks."""
    return " ".join(message.split())


def failure_of(error: Exception) -> Failure | None:
    """Return what to tell the user of an error, or None when it is a bug of ours."""
    line, kinds = one_line(str(error)), {base.__name__ for base in type(error).__mro__}
    for name, exit_code in _EXIT_CODES.items():
        module, _, kind = name.partition(":")
        if kind in kinds and isinstance(error, getattr(importlib.import_module(module), kind)):
            return Failure(line, exit_code)
    if isinstance(error, OSError) and error.errno in _REFUSED_BY_DISK:
        what = error.strerror or "the disk refused"
        line = f"{error.filename or 'disk'}: {what}; make room or mend the permissions and run it again"
        return Failure(line, DATA_AT_FAULT)
    return None
