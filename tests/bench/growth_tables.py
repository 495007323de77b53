"""Tables of as many names as are wanted, and text that mentions some of them: what tests/bench/growth.py measures with.

The companies of src/dict/tables come first, then generated ones, which look like a register of companies: a place, two
to four characters that others have too (as often as names of listed companies have them), a trade, a legal form. The
same number of names gives the same tables and text.
"""

import csv
import itertools
import random
from collections import Counter, defaultdict
from pathlib import Path
from typing import Dict, Iterator, List, Sequence, TextIO, Tuple

ROOT = Path(__file__).resolve().parents[2]
TABLES = ROOT / "src" / "dict" / "tables"
MIC = "XREG"  # of generated companies; no exchange has it

PLACES = (
    "深圳市 深圳市 深圳市 北京 北京 上海 上海 广州市 广州 杭州 杭州市 苏州 苏州市 成都 成都市 武汉 武汉市 南京 南京市 西安 重庆 重庆市 "
    "天津 天津市 厦门 厦门市 青岛 宁波 宁波市 东莞市 佛山市 无锡 无锡市 长沙 郑州 济南 合肥 福州 大连 沈阳 昆明 贵阳 南昌 石家庄 太原 "
    "哈尔滨 长春 珠海 中山市 惠州市 温州 绍兴 嘉兴 常州 南通 徐州 泉州 烟台 潍坊 洛阳 江苏 浙江 广东 山东 湖北 湖南 四川 安徽 福建 河北"
).split()
TRADES = (
    "科技 科技 科技 科技 实业 实业 贸易 贸易 电子 电子科技 网络科技 信息技术 信息科技 生物科技 生物医药 医药 医疗器械 新材料 新能源 能源 "
    "智能科技 智能装备 机械 机械设备 自动化设备 汽车零部件 精密制造 半导体 光电 电气 环保科技 环境工程 建筑工程 建材 装饰工程 置业 "
    "房地产开发 物业管理 投资 投资管理 资产管理 控股 集团 控股集团 供应链管理 物流 国际物流 食品 农业 农业发展 酒业 餐饮管理 文化传媒 "
    "广告 教育科技 旅游 服饰 纺织 家居 化工 矿业 航空 软件 通信 数据服务 咨询 企业管理咨询"
).split()
FORMS = ("有限公司", "有限公司", "有限公司", "股份有限公司", "有限责任公司")
SYLLABLES = (
    "an bao bei chang cheng chuang da de dong fang fei feng fu gang guang guo hai han hao he heng hong hua huan hui ji jia "
    "jian jin jing jun kai kang ke lan li lian long lu mei ming nan neng ning peng pu qi qing rong rui san shan sheng shi "
    "shun tai tian tong wan wei wen xiang xin xing xu ya yang yi yong yu yuan yun ze zhen zheng zhi zhong zhou"
).split()
ENGLISH_TRADES = (
    "Technology Industry Electronics Trading Biotech Pharmaceutical Materials Energy Machinery Investment Logistics Foods "
    "Media Software Communications Chemical Textile Mining Semiconductor Optoelectronics"
).split()
ENGLISH_FORMS = ("Co., Ltd.", "Co., Ltd.", "Inc.", "Holdings Ltd", "Group Co., Ltd.", "Corp.")

Row = Dict[str, str]


def read_table(name: str) -> List[Row]:
    with (TABLES / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


# --- Companies --------------------------------------------------------------------------------------------------------


class Characters:
    """Characters as often as the short names of listed companies have them at each place."""

    def __init__(self, names: Sequence[str], rng: random.Random) -> None:
        self.rng = rng
        self.pools: List[Tuple[List[str], List[int]]] = []
        for place in range(4):
            count = Counter(name[place] for name in names if len(name) > place and name[place] >= "\u4e00")
            self.pools.append((sorted(count), list(itertools.accumulate(count[c] for c in sorted(count)))))

    def brands(self, n: int) -> Iterator[str]:
        columns = [self.rng.choices(pool, cum_weights=weights, k=n) for pool, weights in self.pools]
        lengths = self.rng.choices((2, 3, 4), weights=(70, 25, 5), k=n)
        for characters in zip(lengths, *columns):
            yield "".join(characters[1 : 1 + characters[0]])


def generated_companies(short_names: Sequence[str], rng: random.Random) -> Iterator[List[Tuple[str, str, str]]]:
    """Names of one company after the other: name, language, kind."""
    characters = Characters(short_names, rng)
    while True:
        for brand in characters.brands(10_000):
            trade, english = rng.choice(TRADES), rng.random() < 0.3
            names = [(rng.choice(PLACES) + brand + trade + rng.choice(FORMS), "zh", "full")]
            names.append((brand if len(brand) == 4 else brand + trade[:2], "zh", "short"))
            if english:
                word = "".join(rng.choices(SYLLABLES, k=2 if rng.random() < 0.6 else 3)).capitalize()
                second = "".join(rng.choices(SYLLABLES, k=2)).capitalize()
                text = f"{word} {second} {rng.choice(ENGLISH_TRADES)} {rng.choice(ENGLISH_FORMS)}"
                names.append((text, "en", "english"))
            yield names


class Writer:
    """Writes securities and names until there are enough."""

    def __init__(self, securities: TextIO, names: TextIO, n: int) -> None:
        self.securities, self.names = securities, names
        self.left = n
        self.known: "set[str]" = set()

    def company(self, lines: Sequence[str], names: Sequence[Tuple[str, str]]) -> None:
        """`names` are pairs of a name and its row; of one that was there already the row is left out."""
        new = [pair for pair in dict(names).items() if pair[0] not in self.known][: self.left]
        if not new:
            return
        self.securities.writelines(lines)
        self.names.writelines(row for _, row in new)
        self.known.update(name for name, _ in new)
        self.left -= len(new)


def write_listed(writer: Writer, rng: random.Random) -> List[str]:
    """All lines and names of a company at once. @return the short names of all."""
    securities, names = read_table("securities"), read_table("names")
    company_of = {row["id"]: row["issuer"] or row["id"] for row in securities}
    lines: Dict[str, List[str]] = defaultdict(list)
    rows: Dict[str, List[Tuple[str, str]]] = defaultdict(list)
    for row in securities:  # a successor may be another company's, which may not be there
        row["successor"] = row["successor"] if company_of.get(row["successor"]) == company_of[row["id"]] else ""
        lines[company_of[row["id"]]].append("\t".join(row.values()) + "\n")
    for row in names:
        rows[company_of[row["id"]]].append((row["name"], "\t".join(row.values()) + "\n"))
    order = sorted(rows)
    rng.shuffle(order)
    for company in order:
        writer.company(lines[company], rows[company])
    return [row["name"] for row in names if row["lang"] == "zh" and row["kind"] == "short"]


def write_tables(folder: Path, n: int) -> Tuple[List[Path], List[str]]:
    """Tables of n names in `folder`. @return what to build from, and a sample of the names."""
    rng = random.Random(n)
    folder.mkdir(parents=True, exist_ok=True)
    mics, securities, names = (folder / f"{name}.tsv" for name in ("mics", "securities", "names"))
    mics.write_text((TABLES / "mics.tsv").read_text(encoding="utf-8") + f"{MIC}\tCN\tCNY\tany\tA register\t\n", encoding="utf-8")
    with securities.open("w", encoding="utf-8") as of_securities, names.open("w", encoding="utf-8") as of_names:
        of_securities.write((TABLES / "securities.tsv").read_text(encoding="utf-8").split("\n", 1)[0] + "\n")
        of_names.write((TABLES / "names.tsv").read_text(encoding="utf-8").split("\n", 1)[0] + "\n")
        writer = Writer(of_securities, of_names, n)
        shorts = write_listed(writer, rng)
        companies = generated_companies(shorts, rng)
        for number in itertools.count():
            if not writer.left:
                break
            identity = f"{MIC}:R{number:07}"
            rows = [(name, f"{identity}\t{name}\t{lang}\t{kind}\t\t\t\t\n") for name, lang, kind in next(companies)]
            writer.company([f"{identity}\t{identity}\tstock\t\tCNY\t\t\t\tactive\t\n"], rows)
    listed = sorted(writer.known)
    (folder / "names.txt").write_text("".join(name + "\n" for name in listed), encoding="utf-8")
    others = [TABLES / f"{name}.tsv" for name in ("notations", "providers", "context", "variants", "lexicon")]
    return [mics, securities, names, *others], listed[:: max(1, n // 5000)]


# --- Text -------------------------------------------------------------------------------------------------------------


def write_text(path: Path, lines: Sequence[str], names: Sequence[str]) -> None:
    """The lines, every fifth with a name of the sample behind one of its commas."""
    rng = random.Random(len(names))
    with path.open("w", encoding="utf-8") as file:
        for number, line in enumerate(lines):
            parts = line.split("，")
            if number % 5 == 0:
                at = rng.randrange(len(parts))
                parts[at] = rng.choice(names) + parts[at]
            file.write("，".join(parts) + "\n")


def generated_lines(n_bytes: int) -> List[str]:
    """Lines of common words, where there is no real text."""
    rng = random.Random(1)
    words = sorted({row["word"] for row in read_table("lexicon") if row["class"] == "general"})
    lines: List[str] = []
    size = 0
    while size < n_bytes:
        line = "".join("，" if rng.random() < 0.1 else rng.choice(words) for _ in range(rng.randint(5, 90))) + "。"
        lines.append(line)
        size += len(line.encode("utf-8")) + 1
    return lines
