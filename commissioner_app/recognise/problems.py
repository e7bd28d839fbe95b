"""The problem that was met and how it was solved, in the words of the text."""

import re

from commissioner_app.recognise.moods import NOT, PLAN, Moods
from commissioner_app.recognise.result import Span
from commissioner_app.recognise.text import HAN, trimmed

_TROUBLE = (
    "发黄|黄化|(?<!地)黄叶|泛黄|腐烂(?!病)|烂根|烂果|烂种|烂苗|烂秧|枯死|枯萎(?!病)|枯黄|萎蔫|打蔫|"
    "死苗|死棵|死秧|缺苗|断垄|不齐|倒伏|徒长|裂果|落果|落花|落叶|生虫|卷叶(?!虫|螟)|畸形|药害|冻害|板结|"
    "溶氧低|浮头|染病|发病|得病|(?<!花)生病(?!害)|减产|出苗差|坐果率低|不发芽|不结果|长势弱|长势差|"
    "卡脖子|堵塞|漏播|滞销|卖不出去|拉稀|腹泻|不旺|偏弱|早衰|空心|受淹|积水|受旱|连作障碍|重茬障碍|"
    "不到位|偏[深浅大小高低多少重旺早晚稀密]|过[密稀旺深浅]|压棚|漏风|漏水|漏肥|结块|不匀|不均"
)
_HEAVY = (
    r"(?:病|虫|螟|蚜|螨|害|虱|蛆|线虫|草)[^,。;!?\n\d]{0,4}?(?:较?严重|较重|很重|厉害|偏重|普遍|多发|"
    r"高发|爆发|暴发|蔓延|较多|很多|[重多](?=[,。;!?\n]|$))"
)
_END = r"[^,。;!?\n]"
_PEST = r"(?:[病虫螟蚜螨虱蛆]|红蜘蛛|蓟马|线虫|食心虫|天牛|白粉|锈病)"
_NAMED = (
    re.compile(rf"解决(?:了|好|掉)?(?P<p>{_END}{{2,30}}?)(?:等|的)*(?:技术)?(?:问题|难题|困难|难点|瓶颈)"),
    re.compile(rf"针对(?P<p>{_END}{{2,30}}?)(?:等|的)*(?:问题|情况|现象|难题|症状)"),
    re.compile(r"针对(?P<p>[^,。;!?\n]{2,16}(?:病|虫|螟|蚜|害|差|低|弱|黄|烂|死|重))(?=[,。;])"),
    re.compile(rf"(?:发现|出现|反映|反应|遇到|存在|发生)(?:了|有|的是|"
rf"着)?(?!问题[:：])(?P<p>{_END}{{2,30}}?)(?:的)?(?:等)?(?:问题|现象|情况|症状|难题)?(?=[,。;!?\n]|"
rf"$)"),
    re.compile(rf"(?P<p>{_END}{{2,16}}?)问题(?:比较|较为?|很|非常|十分|特别|依然|仍)?(?:严重|突出|明显|大)"),
    re.compile(rf"(?:解决|诊断|确诊|都有|也有|得了?|染上|发生|爆发|暴发)(?:了|为|出|"
rf"是)?(?P<p>[{HAN}]{{0,8}}?{_PEST})(?=[,。;!? \n)]|$)"),
    re.compile(rf"(?P<p>[{HAN}]{{2,6}}?(?:病|虫|螨|蚜))(?:得|需|要)?(?:赶紧|抓紧|马上|尽快|及时)"),
    re.compile(r"(?P<p>(?:叶|果|茎|根|苗|菇|穗)[^,。;!?\n]{0,6}?(?:全是|都是|净是|很多|好多|"
r"有)[^,。;!?\n]{0,4}?(?:斑|洞|虫|霉|锈|黑点|毛))"),
    re.compile(rf"(?:问|咨询|请教|说了?说|讲了?讲|说)(?:了|我|的是)?(?P<p>{_END}{{2,14}}?)(?:该|应该|到底)?(?:咋|"
rf"怎么|如何|怎样)(?:防?治|防|办|处理|整|弄)"),
)  # fmt: skip
_SEEN = re.compile(rf"(?:{_TROUBLE})(?:了|严重|较重|厉害|很多)?|{_HEAVY}")
_ALONE = re.compile(rf"(?<=[,;])[{HAN}]{{1,5}}(?:病|虫|螨|蚜)(?=[,。;!?\n]|$)")
_BEFORE = re.compile(rf"{_END}{{0,14}}$")
_NO_PROBLEM = re.compile(
    r"^(?:情况|程度|规律|时期|期)|满意|良好|很好|不错|需求|特点|实际|要求|增产|有用|效果|问题$|^问题|希望|欢迎|感谢|提问|商机|"
    r"收获大|没有|^[的了等]|培训|咨询|^(?:技术|生产|实际|关键|共性|农业|相关|各种|各类|不少|许多)+$|^\d+|^[一二两三四五六七八九十多几]+[个项条]"
)
_HEAD = re.compile(
    r"(?:有[几一]?些?块?地的?|地块|田块|植株|有(?=[^机效])|有些?|有的|部分|一些|个别|少数|大部分|"
    r"地里的?|田里的?|里面?的?|棚里的?|他们家?的?|农户家?的?|种植户|农户|群众|当地的?|目前|主要|说|是|"
    r"因|由于|因为|的|了|为|等|"
    r"发现|主要解决|解决|指导|查看|防治|检查|棚主|户主|看到|今年|最近|近期|经查看?|查看|现场|都|自家|他家|家里的?|"
    r"家的?|该村|我们?村|其)+"
)
_OTHERS = re.compile(
    r"(?:(?:农户|群众|种植户|养殖户|果农|菜农|药农|社员|合作社|公司|企业|当地|生产)(?:的|在|中)?)+"
)
_SAID = re.compile(r".*(?:说|反映|反应|称|提到|看到?)(?!明|不|起)")
_BIRTH = re.compile(r".*(?:播种|定植|移栽|种植|出现|存在|发生|遇到)的")

_ADVISED = re.compile(
    r"(?:建议|推荐|提醒|叮嘱|嘱咐)(?:了|其|他们?|她|农户们?|大家|种植户|群众|社员|户主|采取|采用|使用|"
    r"要|应)*(?![\d一二三四五六七八九十]+[条项点个])(?P<s>[^。;!?\n]{2,80})"
)
_MEANS = (
    re.compile(rf"(?:采取|采用|通过|运用|利用)了?(?P<s>{_END}{{2,40}}?)(?:等)?(?:的)?(?:综合)?(?:措施|办法|方法|"
rf"方式|手段|方案)"),
    re.compile(rf"提出了?(?P<s>{_END}{{2,40}}?)(?:等)?(?:的)?(?:技术)?(?:解决方案|解决办法|解决措施|整改意见|"
rf"防治方案|管理方案|建议|意见|措施|方案|对策)"),
    re.compile(
        rf"(?:让|叫|劝|要求|教|指导|告诉|告知|帮助?)给?(?:农户们?|他们?|她|大家|种植户|户主|群众|社员|其|"
rf"工人)?(?P<s>(?:及时|立即|赶紧|先)?(?:用|喷施|喷洒|喷|灌根|灌|拌种|拌|撒施|撒|补施|补种|补|追施|"
rf"追|增施|拔除|清除|清理|开|除雪|加固|增温|补光|换|改|打|停水|停|控|排|拔|追点|点|补点|上|盖|剪|摘|"
rf"捡|降低|加强|调整|加装|疏通)"
        rf"{_END}{{1,40}})"
    ),
    re.compile(rf"(?:采用|采取|改用|使用|喷施|喷洒|施用|撒施|灌施)(?P<s>{_END}{{2,30}})"),
    re.compile(rf"(?<=[,;])(?:改|换)?用(?!时|工|了)(?P<s>{_END}{{2,20}})"),
)  # fmt: skip
_MANNER = re.compile(r"讲解|培训|授课|相结合|讲座|观摩|线上|面对面|一对一|入户")
_STOP = re.compile(
    r"[,](?=(?:地点|下周|下次|计划|目前|群众|农户|大家|参加|参训|培训|发放|共|一共|服务|带动|同行|"
    r"联系|电话|双方|后续|受到|得到|社员|满意|又|随后|上午|下午|晚上|提高|解决|反响|效果|"
    r"现场|走访|指导|引进|推广|赠送|发|来了|听|讲|用时|历时|为期|涉及|覆盖|惠及|帮助|帮|签|并为|并向|"
    r"最后|然后|接着|\d|[一二三四五六七八九十]+[户人]))"
)


def problem(text: str, start: int, end: int, moods: Moods, places: list[tuple[int, int]]) -> Span | None:
    """What was wrong: 解决…问题, 针对…, 发现…, 叶子发黄."""
    for pattern in _NAMED:
        for match in pattern.finditer(text, start, end):
            solved = match.group().startswith("解决")
            found = _problem(text, match.start(), *match.span("p"), moods, places, solved)
            if found:
                return found
    for match in _SEEN.finditer(text, start, end):
        before = _BEFORE.search(text, max(start, match.start() - 14), match.start())
        a = before.start() if before else match.start()
        found = _problem(text, a, a, match.end(), moods, places, False)
        if found:
            return found
    for match in _ALONE.finditer(text, start, end):
        found = _problem(text, match.start(), match.start(), match.end(), moods, places, False)
        if found:
            return found
    return None


def _problem(
    text: str, at: int, start: int, end: int, moods: Moods, places: list[tuple[int, int]], solved: bool
) -> Span | None:
    """A range as the problem, without what leads to it; None for what is none, planned or denied (没发现病害)."""
    if moods.at(at, PLAN) or (moods.at(start, NOT) and not solved):
        return None
    for x, y in places:
        if start <= x < end:
            start = max(start, min(y, end))
    start = _head(text, start, end)
    start, end = trimmed(text, start, end)
    if end - start < 2 or _NO_PROBLEM.search(text[start:end]):
        return None
    return Span(start, end, "problem", text[start:end])


def _head(text: str, start: int, end: int) -> int:
    """The beginning without words that are no part of the trouble: 有几块地, 农户的, 6月播种的."""
    while start < end:
        at = start
        for pattern in (_BIRTH, _SAID, _HEAD, _OTHERS):
            match = pattern.match(text, at, end)
            if match and match.end() < end:
                at = match.end()
        if text[at : at + 1] in " ,、:":
            at += 1
        if at == start:
            break
        start = at
    return start


def solution(text: str, start: int, end: int, moods: Moods, trouble: Span | None) -> Span | None:
    """How it was solved: 建议…, 采取…措施; words like 指导喷施 only where a problem is told."""
    for match in _ADVISED.finditer(text, start, end):
        if not moods.at(match.start(), NOT):
            return _solution(text, *match.span("s"))
    for n, pattern in enumerate(_MEANS):
        if n >= 2 and trouble is None:
            break
        for match in pattern.finditer(text, start, end):
            a, b = match.span("s")
            if moods.at(match.start(), PLAN | NOT) or (
                n < 2 and re.fullmatch(r"[\d一二三四五六七八九十多几]*[条项点个]?(?:合理化|技术)?", text[a:b])
            ):
                continue
            if (trouble and a < trouble.end and trouble.start < b) or _MANNER.search(text[a:b]):
                continue
            return _solution(text, a, b, 2 if n < 2 else 3)
    return None


def _solution(text: str, start: int, end: int, least: int = 3) -> Span | None:
    stop = _STOP.search(text, start, end)
    if stop:
        end = stop.start()
    start, end = trimmed(text, start, end)
    gap = text.find(" ", start + 4, end)
    if gap > 0 and "," not in text[start:end]:
        end = gap  # where spaces part the pieces
    if end - start > 2:
        tail = re.search(r"(?:等)?(?:的)?(?:措施|办法|方法|防治)$", text[start:end])
        if tail and tail.start() > 2:
            end = start + tail.start()
    return Span(start, end, "solution", text[start:end]) if end - start >= least else None
