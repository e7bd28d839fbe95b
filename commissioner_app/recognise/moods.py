"""What is not done: where a text plans, denies, advises or looks back, no figure of this visit stands."""

import re

PLAN, NOT, ADVICE, PAST, CANCELLED = 1, 2, 4, 8, 16

_PLAN = re.compile(
    r"(?<![按照定订产植展年度作训的该份肥])计划(?![书表,。;、]|生育)|(?<!模)拟(?!除虫|南芥|定了|订了)|"
    r"打算|预计|预期|争取|力争|"
    r"准备(?!了|好|的|工作|充分|情况|期|,|。)|下一?步|接下来|今后|届时|明天|明日|明早|(?<!大)后天|大后天|"
    r"下个?(?:周|星期|礼拜)|下个?月|下次|下一次|下回|改天|改日|过几天|过两天|明年|将(?:于|在|要|会|"
    r"组织|开展|举办|对|继续|陆续)|即将|"
    r"希望|约定|约好|到时候?|再来|待.{1,6}后再|请(?:各位|大家|各|于|尽快)"
)
_DONE = re.compile(r"实到|实际|今天|现场|已|本次|这次|当天|目前|昨天|前天")
_NOT = re.compile(r"未(?!来|经|病|婚|央)|没(?!问题|事)有?|无(?:法|人|需)|不(?:能|再|用|培训|参加)|取消|暂停")
_ADVICE = re.compile(
    r"(?<!提出)建议(?![一二两三四五六七八九十几\d]+[条项点个])|应该|应当|务必|叮嘱|提醒|嘱咐|嘱托|"
    r"要求|需要|注意|一定要|切记|最好|不少于|不低于|必须"
)
_PAST = re.compile(
    r"去年|往年|上年|历年|上次|上回|此前|以往|今年以来|年初以来|截至|截止|全年|年累计|已累计|至今|迄今|多年来|近年|"
    r"原计划|原定|本来"
)
_CANCELLED = re.compile(r"没去|没能去|未去|未能去|未成行|去不了|没到成|取消|改期|推迟|延期|没来成")
_CAME = re.compile(r"实到|实际|来了|到了|到场")
# Where one of these begins a clause, the advice before it is over.
_SERVING = re.compile(
    r" ?(?:又|还|共|现场|培训|参训|发放|走访|服务|参加|带动|群众|农户|大家|受到|得到|目前|地点|联系|"
    r"随后|上午|下午|用时|历时|\d+ ?[人户名])"
)
_CLAUSE = re.compile(r"[^,。;!?\n()、]*[,。;!?\n()、]?")


class Moods:
    """The moods of every character of a text."""

    def __init__(self, text: str) -> None:
        self._flags = bytearray(len(text) + 1)
        plan_open = advice_open = False
        for clause in _CLAUSE.finditer(text):
            start, end = clause.span()
            if start == end:
                continue
            words = clause.group()
            plan, past = _PLAN.search(words), _PAST.search(words)
            done = _DONE.search(words)
            if plan_open and done and not plan:
                plan_open = False
            if advice_open and _SERVING.match(words):
                advice_open = False
            if plan_open:
                self._set(start, end, PLAN)
            elif plan:
                plan_open = True
                self._set(start + plan.start(), end, PLAN)
            if past:
                until = end
                if past.group() in ("原计划", "原定", "本来"):
                    plan_open = False
                    came = _CAME.search(words, past.end())
                    until = start + came.start() if came else end
                self._set(start + past.start(), until, PAST)
            denied = _NOT.search(words)
            if denied:
                self._set(start + denied.start(), end, NOT)
            advice = _ADVICE.search(words)
            if advice_open:
                self._set(start, end, ADVICE)
            elif advice:
                advice_open = True
                self._set(start + advice.start(), end, ADVICE)
            if _CANCELLED.search(words):
                self._set(start, end, CANCELLED)
            if words[-1] in "。;!?\n)":
                plan_open = advice_open = False

    def _set(self, start: int, end: int, mood: int) -> None:
        for at in range(start, end):
            self._flags[at] |= mood

    def at(self, position: int, moods: int) -> bool:
        """Whether one of the moods (ored together) governs the character."""
        return bool(self._flags[position] & moods)
