import polars
import pyarrow
from stockmention import Engine

engine = Engine()
news = pyarrow.table({"id": [17, 18], "text": ["金山办公（688111.SH）涨3%", "腾讯控股微跌"]})
mentions = polars.DataFrame(engine.extract_batch(news).to_arrow())
for row in mentions.select("document", "start", "end", "text", "security").iter_rows():
    print(row)
stream = pyarrow.RecordBatchReader.from_stream(engine.extract_stream(news))
for batch in stream:
    print(batch.schema.names, [len(found) for found in batch["mentions"].to_pylist()])
