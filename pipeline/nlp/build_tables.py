"""All tables, worked out from the files of the installed underthesea: half a second, once a version."""

from __future__ import annotations

from pipeline.nlp.crfsuite import Model, ModelNotRead, read_model
from pipeline.nlp.installed import models, package_folder
from pipeline.nlp.margin_tables import margin_tables
from pipeline.nlp.segmenter_tables import segmenter_tables
from pipeline.nlp.tables import Tables, together
from pipeline.nlp.tagger_tables import tagger_tables
from pipeline.nlp.templates import parse


def build_tables() -> Tables:
    """Return the tables of everything: "text" (pattern, respellings, abbreviations), "words" and "tags".

    Raises:
        ModelNotRead: the installed underthesea has not the parts, or not the models, that are read here.
    """
    try:
        return together({"text": _text_tables(), "words": _word_tables(), "tags": _tag_tables()})
    except (ImportError, AttributeError, FileNotFoundError, KeyError) as missing:
        raise ModelNotRead(f"{models()} is not made as the versions that can be read quickly: {missing}") from missing


def _text_tables() -> Tables:
    from underthesea.pipeline import sent_tokenize
    from underthesea.pipeline.text_normalize.text_normalizer import character_map, token_map
    from underthesea.pipeline.word_tokenize import regex_tokenize

    sent_tokenize._load_model()
    return Tables(
        {},
        {
            "pattern": [regex_tokenize.regex_patterns_combine],  # not `patterns`, which a caller may have changed
            "characters": list(character_map),
            "characters_written": list(character_map.values()),
            "spellings": list(token_map),
            "spellings_written": list(token_map.values()),
            "abbreviations": sorted(sent_tokenize.sentence_tokenizer.abbrev_types),
        },
    )


def _word_tables() -> Tables:
    import joblib

    folder = package_folder() / "pipeline/word_tokenize/models/ws_crf_vlsp2013_20230727"
    names, dictionary = joblib.load(folder / "features.bin"), joblib.load(folder / "dictionary.bin")
    exact = segmenter_tables(_model("word_tokenize/models/ws_crf_vlsp2013_20230727/models.bin"), names, dictionary)
    return together({"exact": exact, "margins": margin_tables(exact, list(map(parse, names)))})


def _tag_tables() -> Tables:
    from underthesea.pipeline.ner.model_crf import CRFNERPredictor
    from underthesea.pipeline.pos_tag.model_crf import CRFPOSTagPredictor

    pos, ner = CRFPOSTagPredictor.Instance().transformer.template, CRFNERPredictor.Instance().transformer.template
    return tagger_tables(
        {
            "pos": (_model("pos_tag/pos_crf_2017_10_11.bin"), pos),
            "ner": (_model("ner/ner_crf_2017_10_12.bin"), ner),
        }
    )


def _model(name: str) -> Model:
    return read_model((package_folder() / "pipeline" / name).read_bytes())
