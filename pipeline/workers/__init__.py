"""Work handed out to processes, here or on other machines, so that one bad record costs only itself.

`map_records` is the one loop; an engine says where the work is done: `LocalEngine` in processes of this machine,
`pipeline.workers.cluster.DaskEngine` on a Dask cluster.
"""

from pipeline.workers.local import LocalEngine as LocalEngine
from pipeline.workers.local import looking_seldom as looking_seldom
from pipeline.workers.loop import BATCH as BATCH
from pipeline.workers.loop import BatchLost as BatchLost
from pipeline.workers.loop import Engine as Engine
from pipeline.workers.loop import EngineLost as EngineLost
from pipeline.workers.loop import Failure as Failure
from pipeline.workers.loop import map_records as map_records
from pipeline.workers.progress import Progress as Progress
