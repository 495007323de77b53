"""Finds the stock mentions of many pages on a cluster:

    spark-submit [--files my.smd] mentions.py [--dictionary my.smd] PAGES OUTPUT

PAGES is Parquet with the columns id and text and, as far as there are any, date, title, url, source, format and charset.
OUTPUT/mentions gets a row for each mention, in a folder for each date, sorted by security; OUTPUT/daily how often and in how
many pages each security is named on a day. Both are written anew. A dictionary that is not the library's own travels with
--files; every worker makes sure that it has the one that the job was started with.
"""

import argparse
from itertools import chain
from typing import Callable, Iterator, Optional

import pyarrow as pa
import pyarrow.compute as pc
from pyspark import SparkFiles
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from stockmention import Engine

READ = ("id", "date", "text", "title", "url", "source", "format", "charset")
ROW = (
    "id string, date date, field string, start bigint, end bigint, text string, security string, kind string, confidence float"
)


def open_engine(dictionary: Optional[str]) -> Engine:
    return Engine(SparkFiles.get(dictionary) if dictionary else None)


def rows_of(pages: pa.RecordBatch) -> pa.RecordBatch:
    """A row for each mention, of pages with their lists of mentions."""
    page, mention = pc.list_parent_indices(pages["mentions"]), pc.list_flatten(pages["mentions"])
    columns = [pages["id"].take(page).cast(pa.string()), pages["date"].take(page).cast(pa.date32())]
    for name in ("field", "start", "end", "text", "security", "kind", "confidence"):
        column = pc.struct_field(mention, name)
        is_encoded = pa.types.is_dictionary(column.type)  # which Spark does not read
        columns.append(column.dictionary_decode() if is_encoded else column)
    return pa.RecordBatch.from_arrays(columns, names=[field.split()[0] for field in ROW.split(", ")])


def extractor(dictionary: Optional[str], version: str) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def extract(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        engine = open_engine(dictionary)
        if engine.dictionary != version:
            raise RuntimeError(f"this worker's dictionary is {engine.dictionary}, the job's is {version}: install the same "
                               "stockmention everywhere, or pass a dictionary with --files")  # fmt: skip
        first = next(batches, None)
        if first is None:
            return
        pages = pa.RecordBatchReader.from_batches(first.schema, chain([first], batches))
        for found in pa.RecordBatchReader.from_stream(engine.extract_stream(pages)):
            yield rows_of(found)

    return extract


def run(spark: SparkSession, pages_path: str, output: str, dictionary: Optional[str]) -> None:
    pages = spark.read.parquet(pages_path)
    if "date" not in pages.columns:
        pages = pages.withColumn("date", F.lit(None).cast("date"))
    pages = pages.select([name for name in READ if name in pages.columns])
    found = pages.mapInArrow(extractor(dictionary, open_engine(dictionary).dictionary), ROW)
    by_date = found.repartition("date").sortWithinPartitions("date", "security", "id", "field", "start")
    by_date.write.mode("overwrite").partitionBy("date").parquet(f"{output}/mentions")
    counts = F.count("*").alias("mentions"), F.count_distinct("id").alias("pages")
    daily = spark.read.parquet(f"{output}/mentions").groupBy("date", "security").agg(*counts)
    daily.orderBy("date", "security").coalesce(1).write.mode("overwrite").parquet(f"{output}/daily")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages")
    parser.add_argument("output")
    parser.add_argument("--dictionary", help="the name of a file that --files brings (default: the one in the library)")
    arguments = parser.parse_args()
    spark = SparkSession.builder.appName("stockmention").getOrCreate()
    run(spark, arguments.pages, arguments.output, arguments.dictionary)
    spark.stop()


if __name__ == "__main__":
    main()
