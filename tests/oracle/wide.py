"""The reference world as wide as the app: side records, teams' days, what goes to everyone.

`model.py` and `world.py` are shared/model's core.py and world.py as they are. Where the app's scope is wider than the
model's, the model is extended here and nowhere else:

- who holds a place is a record of its own (`held`: place, person), who went along one each (`comp`: visit, person,
  and the visit's county and places, which the writer keeps in step);
- a visit's `whose` may name several places ("p1+p2"), one of them its author's;
- batches and categories go to everyone, settings to nobody; a commissioner sees the places of their team;
- every station has a station record that refers to its place and person, the bureau too;
- recipients and people may be merged into another; stations misbehave in more ways.
"""

import importlib.util
import random
import sys
from pathlib import Path


def _load(name, path, **known):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    before = {k: sys.modules.get(k) for k in known}
    sys.modules.update(known)
    try:
        spec.loader.exec_module(module)
    finally:
        for k, old in before.items():
            if old is None:
                del sys.modules[k]
            else:
                sys.modules[k] = old
    return module


HERE = Path(__file__).parent
# Loaded under names of their own: other tests set switches in `model`.
core = _load("simulation_core", HERE / "model.py")
world = _load("simulation_world", HERE / "world.py", core=core)

FIXED, DEL, COUNTIES, TOWNS = core.FIXED, core.DEL, core.COUNTIES, core.TOWNS
Change, Station = core.Change, world.Station
FREE = ("batch", "cat")      # they go to everyone

core.REFS.update({
    "batch": {}, "org": {}, "cat": {"batch": "batch"},
    "team": {"leader": "place", "batch": "batch"},
    "place": {"team": "team", "batch": "batch", "category": "cat", "org": "org"},
    "person": {"org": "org", "merged": "person"},
    "held": {"place": "place", "person": "person"},
    "recipient": {"merged": "recipient"},
    "visit": {"recipient": "recipient"},
    "comp": {"visit": "visit", "person": "person"},
})


def places_in(v):
    return v.split("+") if v else []


def joined(places):
    return "+".join(sorted(set(places)))


def refs_of(ent, vals):
    for f in core.REFS.get(ent, {}):
        if vals.get(f):
            yield vals[f]
    if ent == "visit":
        yield from places_in(vals.get("whose"))
    if ent == "station" and vals.get("role"):
        yield from (x for x in vals["role"][1:] if x and x not in COUNTIES)


core.refs_of = world.refs_of = refs_of


class Ledger(core.Ledger):
    def clone(s):
        n = Ledger(s.R, s.viewer, s.role)
        n.ch = dict(s.ch)
        n.byrec = {r: list(v) for r, v in s.byrec.items()}
        return n

    def merge(s, changes):
        """also closed under the authors: without their records nobody can tell whether they wrote it"""
        changes = list(changes)
        here = {r for r in s.byrec if any(c.kind == "insert" for c in s.byrec[r])} | {
            c.rec for c in changes if c.kind == "insert"}
        for c in changes:
            if c.id not in s.ch and c.key not in ("BU", "SHIP") and "st:" + c.key not in here:
                return None, "not closed: author"
        return super().merge(changes)

    def add(s, c):
        super().add(c)
        if c.ent == "held":      # whose phone belongs to a place is told by it
            for r in [r for r in s.factc if s.factc[r]["ent"] == "place"]:
                del s.factc[r]

    def facts(s, cs):
        f = super().facts(cs)
        f["places"] = {p for v in f["places"] for p in places_in(v)}
        f["places"] |= {p for c in cs if c.ent == "comp" for p in places_in(c.vals.get("places"))}
        f["inserters"] = {c.key for c in cs if c.kind == "insert"}
        return f

    def may(s, cert, c, f):
        if cert is None:
            return False
        role, sc, person = cert
        v = c.vals
        if role in ("bureau", "ship"):
            return True
        if c.ent in ("held", "batch", "cat", "org"):
            return False
        if c.ent == "station":
            if c.rec == "st:" + c.key:
                return c.kind == "insert" or set(v) == {"name"}
            return role == "county" and set(v) == {"accepted"}
        if c.ent == "recipient" and role == "k":
            return c.kind == "insert" or c.key in f["inserters"]
        if c.ent in ("visit", "comp", "recipient") and role == "county":
            county = (v.get("where") or (v.get("county"),))[0]
            if c.kind == "insert":
                return county in (None, sc)
            return sc in f["counties"] or not f["counties"] and c.key in f["inserters"]
        if c.ent in ("visit", "comp") and role == "k":
            if v.get("review") and v["review"][0] not in ("draft", "submitted"):
                return False
            w = "whose" if c.ent == "visit" else "places"
            if c.kind == "insert" or w in v:
                return sc in places_in(v.get(w)) and (c.kind == "insert" or sc in f["places"])
            return sc in f["places"]
        if c.ent == "private" and role == "k" and c.kind == "insert":
            return v.get("person") == person and set(v) <= {"person", "phone"}
        return super().may(cert, c, f)

    def holders(s, p):
        """persons that any head of a `held` record gives to a place"""
        out = set()
        for r, cs in s.byrec.items():
            if cs[0].ent == "held":
                F = s.fold(r)
                if not F.deleted and any(s.ch[i].vals["place"] == p for i in F.heads.get("place", ())):
                    out |= {s.ch[i].vals["person"] for i in F.heads.get("person", ())}
        return out - {None}

    def rfacts(s, rec):
        if rec in s.factc:
            return s.factc[rec]
        f = super().rfacts(rec)
        cs = s.byrec[rec]
        F = s.fold(rec)
        for k in ("whose", "ewhose"):
            f[k] = {p for v in f[k] for p in places_in(v)}
        if f["ent"] == "comp":
            f["whose"] = {p for i in F.heads.get("places", ()) for p in places_in(s.ch[i].vals["places"])}
            f["ewhose"] = {p for c in cs if c.id in F.allowed for p in places_in(c.vals.get("places"))}
            f["counties"].discard(None)
            f["cur"].discard(None)
        if f["ent"] == "place":
            f["person"] = s.holders(rec)
        f["team"] = {s.ch[i].vals["team"] for i in F.heads.get("team", ())} - {None}
        f["visit"] = {c.vals["visit"] for c in cs if c.vals.get("visit")}
        f["inserters"] = {c.key for c in cs if c.kind == "insert"}
        if f["ent"] == "assign" and F.deleted:      # nobody serves by a stay that was taken back
            f["cur"] = set()
        f["eteam"] = {c.vals["team"] for c in cs if c.id in F.allowed and c.vals.get("team")}
        return f

    def scope(s, role, key=None, held=frozenset()):
        """core.Ledger.scope with the app's side records: who holds a place, who went along, the team, free data"""
        kind, sc, person = role
        facts = {r: s.rfacts(r) for r in s.byrec if s.byrec[r][0].ent != "note"}      # settings stay with the bureau
        if kind in ("bureau", "ship"):
            return set(facts)
        certs = s.certs()
        roots = {r for r in facts if r.startswith("st:") or facts[r]["ent"] in FREE}
        persons = set()

        def stays(p):
            return {c for f in facts.values() if f["ent"] == "assign" and p in f["place"] for c in f["cur"]}

        def core(p):
            keys = {k for k, ct in certs.items() if ct[0] == "k" and ct[1] == p}
            roots.add(p)
            roots.update(certs[k][2] for k in keys)
            for r, f in facts.items():
                e = f["ent"]
                if e == "visit" and p in f["whose"] or e == "assign" and p in f["place"] or f["inserters"] & keys and e != "station":
                    roots.add(r)
            return {certs[k][2] for k in keys}

        acc = {ct[1] for k, ct in certs.items() if ct[0] == "k" and any(
            certs.get(a, ("", 0, 0))[:2] == ("county", sc) for a in s.acceptors(k))}
        served = {sc} if kind == "k" else s.served(sc, facts)
        if kind == "k":
            core(sc)
            roots.add(person)
            persons.add(person)
            here = stays(sc)
            roots |= {r for r, f in facts.items() if f["ent"] == "recipient" and f["cur"] & here}
        else:
            for r, f in facts.items():
                if f["ent"] in ("visit", "recipient", "assign") and sc in f["counties"]:
                    roots.add(r)
                if f["ent"] == "assign" and f["place"] & acc:
                    roots.add(r)
            for p in served:
                persons |= core(p)
                if p in facts and sc in stays(p):
                    persons |= facts[p]["person"]
        roots |= {r for r, f in facts.items() if f["ent"] == "private" and f["person"] & persons}
        # a commissioner's team: its places, and who holds them; a county passes that on to those it serves
        teams = {t for p in served if p in facts for t in facts[p]["team"]}
        roots |= {r for r, f in facts.items() if f["ent"] == "place" and f["team"] & teams}
        # what it holds is kept up to date, if it once was its business (a claim to hold is not enough)
        if kind == "k":
            eplaces = {sc}
            ecounties = {c for f in facts.values() if f["ent"] == "assign" and sc in f["eplace"] for c in f["ecounties"]}
        else:
            ecounties = {sc}
            eplaces = acc | {p for f in facts.values() if f["ent"] == "assign" and sc in f["ecounties"] for p in f["eplace"]}
        eteams = {t for p in eplaces if p in facts for t in facts[p]["eteam"]}
        for r in held & facts.keys():
            f = facts[r]
            if (f["ent"] == "visit" and (f["ewhose"] & eplaces or kind == "county" and f["ecounties"] & ecounties) or
                    f["ent"] == "assign" and (f["eplace"] & eplaces or kind == "county" and f["ecounties"] & ecounties) or
                    f["ent"] == "recipient" and f["ecounties"] & ecounties or
                    f["ent"] == "place" and f["eteam"] & eteams):
                roots.add(r)
        out = s.close(roots & facts.keys())
        while True:      # who holds a place goes where the place goes, who went along where the visit goes
            more = {r for r, f in facts.items() if
                    f["ent"] == "held" and (f["place"] & out or r in held and f["eplace"] & out) or
                    f["ent"] == "comp" and f["visit"] & out} - out
            if not more:
                return out
            out |= s.close(more)


world.Ledger = Ledger


class World(world.World):
    """Fixed rules only. `hold` keeps a state after setup that many histories start from."""

    ENTS = {"bureau": ("visit", "visit", "place", "person", "private", "recipient", "assign", "team", "held", "comp"),
            "county": ("visit", "visit", "recipient", "assign", "comp"), "k": ("visit", "visit", "recipient", "private", "comp")}
    HOMES = "WWXBX"

    def __init__(w, seed=0, log=None, topo="tree", population=5):
        w.along = None
        super().__init__(FIXED, seed, log, topo, population)

    # ---------------------------------------------------------------------------------------------------- beginning
    def found(w, key, role, rosters=()):
        """a station with a ledger of its own, into which the roster has been brought"""
        st = Station(w, key, role)
        w.stations.append(st)
        w.begun(st)
        if rosters:
            w.shipped(st, rosters)
        w.selfcert(st)
        return st

    def begun(w, st):
        """a new ledger file"""

    def shipped(w, st, rosters):
        st.led.merge(rosters)

    def setup(w):
        n = w.population
        w.ship = Station(w, "SHIP", ("ship", None, None))
        w.begun(w.ship)

        def mk(st, ent, rec, vals):
            return w.write(st, [(ent, rec, "insert", vals, {}, frozenset(), None)], quiet=True)
        mk(w.ship, "batch", "b1", {"name": "2022"})
        mk(w.ship, "cat", "g1", {"name": "省派", "batch": "b1"})
        for i in range(1, n + 1):
            mk(w.ship, "place", f"p{i}", {"cat": "省派", "batch": "b1", "category": "g1"})
        mk(w.ship, "team", "t1", {"name": "中药材", "leader": "p1", "batch": "b1"})
        mk(w.ship, "team", "t2", {"name": "四大怀药", "leader": "p3", "batch": "b1"})
        rosters = sorted(w.ship.led.ch.values(), key=lambda c: c.id)
        bu = w.found("BU", ("bureau", None, None), rosters)
        for c in COUNTIES:
            w.found("c" + c, ("county", c, None), rosters)
        mk(bu, "org", "o1", {"name": "农大"})
        for i in range(1, n + 1):
            mk(bu, "person", f"n{i}", {"name": f"name{i}", "unit": "农学院", "org": "o1"})
            mk(bu, "private", f"v{i}", {"person": f"n{i}", "phone": f"139000{i}"})
            mk(bu, "held", f"h{i}", {"place": f"p{i}", "person": f"n{i}"})
            if i % 3:
                w.write(bu, [("place", f"p{i}", "update", {"team": f"t{i % 3}"}, {}, frozenset(), None)], quiet=True)
            h = w.HOMES[(i - 1) % len(w.HOMES)]
            if i != 4:
                mk(bu, "assign", f"a{i}", dict(place=f"p{i}", **w.where(h, h + "1")))
        mk(bu, "recipient", "rW", dict(name="合作社W", **w.where("W", "W1")))
        mk(bu, "recipient", "rX", dict(name="合作社X", **w.where("X", "X1")))
        for st in w.stations[1:4]:
            w.exchange(st, bu)
            w.exchange(bu, st)
        for i in (1, 2, 3, *range(6, n + 1)):      # 4 and 5 join later, if at all
            if i <= n:
                c = w.by("c" + w.HOMES[(i - 1) % len(w.HOMES)])
                k = w.join(i, c)
                w.exchange(k, c)
                w.exchange(c, k)
        for st in w.stations[1:4]:
            w.exchange(st, bu)
            w.exchange(bu, st)
        w.viol.clear()

    def exchange(w, a, b):
        w.now += 60_000
        return super().exchange(a, b)

    def join(w, i, via, suffix="", person=None):
        """first contact of a commissioner: a new ledger, made from the package for its place"""
        key = f"k{i}{suffix}"
        if any(s.key == key for s in w.stations):
            return None
        st = Station(w, key, ("k", f"p{i}", person or f"n{i}"))
        st.first = via.role[1] or "W"
        p = w.make(via, Unseen(st))
        w.begun(st)
        w.apply(st, p)
        w.stations.append(st)
        w.selfcert(st)
        return st

    def make(w, st, to):
        if isinstance(to, Unseen):      # what it is for is known, whose station it will be is not
            ids = st.led.scope(to.role)
            if "st:" + st.key in st.led.byrec:
                ids.add("st:" + st.key)
            out = [c for r in ids for c in st.led.byrec[r]]
            w.sentto.setdefault(to.key, set()).update(ids)
            return dict(frm=st.key, frmname=st.name, frole=st.role, to=to.key, have=frozenset(),
                        changes=sorted(out, key=lambda c: c.id))
        p = super().make(st, to)
        known = st.lasthave.get(to.key, set())
        if to.role[0] == st.role[0] == "bureau":      # two laptops of it
            p["changes"] = sorted((c for c in st.led.ch.values() if c.id not in known), key=lambda c: c.id)
        else:
            p["changes"] = [c for c in p["changes"] if c.ent != "note"]
        return p

    def apply(w, st, p):
        rec = "st:" + p["frm"]
        if p["frm"] not in ("BU", st.key) and not any(
                c.kind == "insert" for c in (*st.led.byrec.get(rec, ()), *(c for c in p["changes"] if c.rec == rec))):
            # A copied laptop is sent only what the other one has not confirmed: not who the sender is.
            w.stats["strangers"] += 1
            return "nobody"
        return super().apply(st, p)

    def person_of(w, st, p):
        led = st.led
        for r in w.live(st, "held"):
            if led.fold(r).vals.get("place") == p:
                return led.fold(r).vals.get("person")
        return None

    def do_join(w, st, b, c, d):
        via = w.stations[c % 4]
        suffix, person = "", None
        if b % 3 == 2:
            i = 1 + d % min(5, w.population)
            suffix, person = "n", w.person_of(via, f"p{i}")
        else:
            i = 4 + b % 2
        if i > w.population or f"p{i}" not in via.led.byrec or (person or f"n{i}") not in via.led.byrec:
            return
        n = w.join(i, via, suffix, person)
        if n:
            w.say(f"{n.name} joins by a package of {via.name}, {n.role}")

    # ------------------------------------------------------------------------------------------------------ writing
    def write(w, st, recs, quiet=False, op=None):
        out = []
        here = {r[1] for r in recs}
        for ent, rec, kind, vals, repl, saw, of in recs:
            if ent == "visit" and kind == "insert" and rec not in st.led.byrec:
                vals = dict(vals)
                if w.along is not None:
                    vals["whose"] = joined([vals["whose"], w.pick(w.live(st, "place"), w.along) or vals["whose"]])
                comp = vals.pop("companion", None)
                out.append((ent, rec, kind, vals, repl, saw, of))
                if comp:
                    out.append(("comp", "c" + rec, "insert", {
                        "visit": rec, "person": comp, "county": vals["where"][0], "places": vals["whose"]}, {}, frozenset(), None))
                continue
            out.append((ent, rec, kind, vals, repl, saw, of))
            if ent == "visit" and kind == "update" and ("where" in vals or "whose" in vals):
                out += w.in_step(st, rec, vals, here)
        return super().write(st, out, quiet, op)

    def in_step(w, st, visit, vals, here):
        """what follows the visit in its companions' records: differences there are nobody's to decide"""
        V = st.led.fold(visit).vals
        where, whose = vals.get("where", V.get("where")), vals.get("whose", V.get("whose"))
        for r in w.live(st, "comp"):
            F = st.led.fold(r)
            if F.vals.get("visit") != visit or r in here:
                continue
            new = {"county": where[0] if where else None, "places": whose}
            new = {f: v for f, v in new.items() if F.vals.get(f) != v or f in F.conf}
            if new and w.ui_may(st, "comp", r, "update", new):
                yield ("comp", r, "update", new, {f: frozenset(F.heads.get(f, ())) for f in new}, frozenset(), None)

    def ui_may(w, st, ent, rec, kind, vals):
        led = st.led
        led.certs()
        if st.key in led.ends:
            return False
        c = Change(("?", 0), st.key, None, 0, 0, ent, rec, kind, vals, {})
        F = led.fold(rec) if rec in led.byrec else None
        f = led.facts([x for x in led.byrec.get(rec, ()) if F and x.id in F.allowed])
        if st.role[0] == "county" and kind == "update" and ent in ("visit", "recipient") and rec in led.byrec:
            if st.role[1] not in led.rfacts(rec)["cur"]:
                return False
        if st.role[0] == "k" and kind == "update" and ent == "visit" and rec in led.byrec:
            if st.role[1] not in led.rfacts(rec)["whose"]:
                return False
        return led.may(st.role, c, f)

    def fields_for(w, st, rec):
        ent = st.led.byrec[rec][0].ent
        if ent == "held":
            return ["person", "person", "place"]
        if ent == "comp":
            return ["person"]
        if ent == "place":
            return ["cat", "team"]
        fs = [f for f in super().fields_for(st, rec) if f != "companion"]
        if ent == "visit" and st.role[0] == "k":
            fs.append("whose")
        if ent in ("recipient", "person"):
            fs.append("merged")
        return fs

    def newval(w, st, rec, f, d):
        led = st.led
        if f == "team":
            return w.pick([None, *w.live(st, "team")], d)
        if f == "place":
            return w.pick(w.live(st, "place"), d)
        if f == "merged":
            return w.pick([None, *(r for r in w.live(st, led.fold(rec).ent) if r != rec)], d)
        if f == "whose":
            p, q = w.pick(w.live(st, "place"), d), w.pick(w.live(st, "place"), d // 3)
            if not p:
                return None
            own = [st.role[1]] if st.role[0] == "k" else []
            return joined([p, *own] if own or d % 2 else [p, q])
        return super().newval(st, rec, f, d)

    def do_visit(w, st, b, c, d):
        if d % 4 == 1:      # a team's day
            w.along = d // 5
        super().do_visit(st, b, c, d)
        w.along = None

    def do_move(w, st, b, c, d):
        if d % 4 != 3:
            return super().do_move(st, b, c, d)
        bu = w.stations[0]      # another person takes a place, or one more
        p, n = w.pick(w.live(bu, "place"), b), w.pick(w.live(bu, "person"), c)
        w.recn += 1
        if p and n:
            w.write(bu, [("held", f"held{w.recn}", "insert", {"place": p, "person": n}, {}, frozenset(), None)])

    def do_setting(w, st, b, c, d):
        r = f"note{b % 3}"
        F = st.led.fold(r) if r in st.led.byrec else None
        v = {"conflict": w.val("setting")}
        w.write(st, [("note", r, "update" if F else "insert", v, w.base(st, r, v) if F else {}, frozenset(), None)])

    def do_mischief(w, st, b, c, d):
        """a changed app writes what its station may not"""
        st = w.pick([s for s in w.stations if s.role[0] != "bureau"], b)
        led = st.led
        rec = w.pick(sorted(r for r in led.byrec if led.byrec[r][0].ent not in ("station", "note", "batch", "cat", "org")), c)
        if not rec:
            return
        ent = led.byrec[rec][0].ent
        k = d % 5
        if k == 0:      # delete it
            vals, kind, saw = {DEL: True}, "delete", led.all_heads(rec)
        elif k == 1 and ent in ("visit", "comp") and st.role[0] == "k":      # make it ours
            vals, kind, saw = {"whose" if ent == "visit" else "places": st.role[1]}, "update", frozenset()
        elif k == 2 and ent in ("visit", "recipient", "assign") and st.role[0] == "county":
            vals, kind, saw = {"where": (st.role[1], TOWNS[st.role[1]][0])}, "update", frozenset()
        else:
            f = w.pick(["phone"] if ent == "private" else w.fields_for(st, rec), d)
            v = w.newval(st, rec, f, d // 7) if f else None
            if v is None:
                return
            vals, kind, saw = {f: v}, "update", frozenset()
        w.say(f"{st.name} (mischief):")
        repl = w.base(st, rec, vals)
        if d % 11 == 0:      # names whatever it likes as seen
            repl = {f: frozenset(x.id for x in led.byrec[rec] if f in x.vals) for f in vals}
        w.write(st, [(ent, rec, kind, vals, repl, saw, None)])

    def do_rename(w, st, b, c, d):
        rec = "st:" + st.key
        if rec in st.led.byrec:
            vals = {"name": w.val("unit")}
            w.write(st, [("station", rec, "update", vals, w.base(st, rec, vals), frozenset(), None)], quiet=True)

    # ------------------------------------------------------------------------------------------------------ judging
    def leaks(w, g):
        """judged by need, not by the filter: whose phone, whose visits"""
        g = Ledger(w.R)
        for s in w.stations:
            for c in s.led.ch.values():
                if c.id not in g.ch:
                    g.add(c)
        for c, _ in w.confirmed:
            if c.id not in g.ch:
                g.add(c)
        ever, persons, accepted = {}, {}, {}
        for r, cs in g.byrec.items():
            if cs[0].ent == "assign":
                f = g.facts(cs)
                for c in cs:
                    if c.vals.get("place"):
                        ever.setdefault(c.vals["place"], set()).update(f["counties"])
            if cs[0].ent == "held":
                for p in {c.vals["place"] for c in cs if c.vals.get("place")}:
                    persons.setdefault(p, set()).update(c.vals["person"] for c in cs if c.vals.get("person"))
        for k, ct in g.certs().items():
            if ct[0] == "k":
                for a in g.acceptors(k):
                    x = g.certs().get(a)
                    if x and x[0] == "county":
                        accepted.setdefault(ct[2], set()).add(x[1])
        stations = {}      # place -> persons of its stations
        for ct in g.certs().values():
            if ct[0] == "k":
                stations.setdefault(ct[1], set()).add(ct[2])
        for s in w.stations:
            role = s.role
            if role[0] == "bureau":
                continue
            for r in set(s.led.byrec) | w.sentto.get(s.key, set()):
                cs = g.byrec.get(r)
                if not cs or all(c.key == s.key for c in cs):
                    continue
                if cs[0].ent == "private":
                    ps = {c.vals["person"] for c in cs if "person" in c.vals}
                    if role[0] == "k":
                        ok = role[2] in ps
                    else:
                        ok = any(role[1] in ever.get(p, ()) for p, x in persons.items() if x & ps) or \
                            any(role[1] in ever.get(p, ()) for p, x in stations.items() if x & ps) or \
                            any(role[1] in accepted.get(p, ()) for p in ps)
                    if not ok:
                        w.bad("leak-phone", f"{s.name} has the phone of {ps}")
                if cs[0].ent in ("visit", "comp"):
                    # who went along is told with the visit
                    both = cs if cs[0].ent == "visit" else cs + [
                        c for v in {c.vals["visit"] for c in cs if c.vals.get("visit")} for c in g.byrec.get(v, ())]
                    f = g.facts(both)
                    ok = role[1] in (f["places"] if role[0] == "k" else f["counties"])
                    if role[0] == "county":
                        ok = ok or any(role[1] in ever.get(p, ()) or any(
                            role[1] in accepted.get(n, ()) for n in stations.get(p, ())) for p in f["places"])
                    if not ok:
                        w.bad("leak-visit", f"{s.name} has {r} ({f})")


class Unseen:
    """A station to be: its place and person are known, its key is not."""

    def __init__(s, st):
        s.role, s.key, s.name = st.role, st.key, st.name


WEIGHTS = dict(world.WEIGHTS, setting=2, mischief=3, rename=1)
HOT = dict(world.HOT, setting=4, mischief=3, rename=1)
KINDS = list(WEIGHTS)


def random_steps(seed, n, hot=False):
    """`hot`: few records, many hands."""
    r = random.Random(seed)
    weights = HOT if hot else WEIGHTS
    return [(k, r.randrange(1000), r.randrange(12 if hot else 1000), r.randrange(1000), r.randrange(1000))
            for k in r.choices(KINDS, [weights[k] for k in KINDS], k=n)]
