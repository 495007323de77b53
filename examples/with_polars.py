import polars
from stockmention import Engine

news = polars.DataFrame({"text": open("examples/news.txt", encoding="utf-8").read().splitlines()}).with_row_index("line")
lists = polars.Series("mentions", Engine().extract_batch(news).to_arrow(lists=True))
found = news.with_columns(lists).explode("mentions").unnest("mentions", separator=".")
print(found.filter(polars.col("mentions.security") == "XSHG:600519").select("line", "mentions.start", "mentions.role").rows())
