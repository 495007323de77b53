from stockmention import Engine

engine = Engine()
batch = engine.extract_batch(["金山办公（688111.SH）涨3%", "无", "腾讯控股微跌"], threads=2)
for result in batch:
    print([(mention.start, mention.end, mention.security) for mention in result])
