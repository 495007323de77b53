import duckdb
import pyarrow
from stockmention import Engine

news = duckdb.sql("SELECT text FROM read_csv('examples/news.txt', delim='\t', header=false, columns={'text': 'VARCHAR'})")
mentions = pyarrow.table(Engine().extract_batch(news).to_arrow())
counts = "SELECT security, count(*) AS mentions, count(DISTINCT document) AS pages FROM mentions GROUP BY ALL ORDER BY ALL"
for row in duckdb.sql(counts).fetchall():
    print(*row)
