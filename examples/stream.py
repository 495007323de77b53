import sys

from stockmention import Engine

stream = Engine().open_stream(context_bytes=512)
for line in sys.stdin:
    for mention in stream.feed(line):
        print(mention.start, mention.end, mention.text, mention.security)
for mention in stream.finish():
    print("at the end:", mention.start, mention.end, mention.text, mention.security)
