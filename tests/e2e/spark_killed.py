"""examples/spark/mentions.py with an accident:  spark_killed.py FLAG PAGES OUTPUT DICTIONARY

The first worker that has found something takes its executor down, once, in the middle of its task. FLAG is made by it.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any, Callable, Iterator, Optional

import mentions
from pyspark import cloudpickle
from pyspark.sql import SparkSession

flag, pages, output, dictionary = sys.argv[1:]
without_accident = mentions.extractor


def parent_of(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def extractor(dictionary: Optional[str], version: str) -> Callable[[Iterator[Any]], Iterator[Any]]:
    extract = without_accident(dictionary, version)

    def until_the_accident(batches: Iterator[Any]) -> Iterator[Any]:
        for found in extract(batches):
            yield found
            try:
                os.close(os.open(flag, os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                continue
            os.kill(parent_of(os.getppid()), signal.SIGKILL)  # this worker's parent is Python's daemon, whose is the JVM

    return until_the_accident


mentions.extractor = extractor
cloudpickle.register_pickle_by_value(mentions)  # as it is where it is the script itself
mentions.run(SparkSession.builder.appName("killed").getOrCreate(), pages, output, dictionary)
