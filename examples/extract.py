from stockmention import Engine

engine = Engine()
for mention in engine.extract("金山办公（688111.SH）涨3%，腾讯控股微跌。"):
    print(mention.start, mention.end, mention.text, mention.security, mention.url)
