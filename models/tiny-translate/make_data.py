#!/usr/bin/python3
"""Writes sentences of the phrase book, each in five languages.

usage: make_data.py DATADIR [--meanings N] [--seed S]

DATADIR/train.jsonl holds one meaning a line: {"kind": ..., "en": [first way to say it, others ...], "es": ...}. The first way is what is
learnt to be written, all are learnt to be read. DATADIR/held-out.jsonl holds meanings that are not in it, in their first way, and what a
translation must keep as it is: numbers, and names that nobody has.
"""
import argparse, json, os, random, re, zlib
import phrase_book as book
from grammar import (ADJECTIVES, BE, COMPUTING, DOINGS, DRINKS, EVENTS, FAMILY, FOOD, HAVE, NOUNS, PEOPLE, PLACES, SNACKS, THINGS, VERBS,
                     adjective, being, clause, finite, named, noun_phrase, noun_subject, pronoun, sentence, spell)
from phrase_book import LANGUAGES

R = random.Random(1)
PERSONS = ("I", "you", "he", "we", "they")
FIRST_NAMES = "Anna Maria John Peter Paul Laura Lucas Sofia Tom Emma Mia Leo Julia David Sarah Daniel Carlos Ana Pedro Klaus Hans Pierre Marie Camille Miguel Elena Lisa Max Nina Oscar".split()


def made_up():
    onset = "b br c ch d dr f fl g gr h j k kl l m n p pl qu r s sh st t th tr v w x y z".split()
    vowel = "a e i o u ai ea ee io ou y".split()
    coda = ["", "", "", "n", "r", "l", "s", "x", "th", "ck", "nd", "m"]
    word = "".join(R.choice(onset) + R.choice(vowel) + R.choice(coda) for _ in range(R.choice((1, 2, 2, 2, 3))))
    return word.capitalize()


def name():
    x = R.random()
    if x < 0.45: return R.choice(FIRST_NAMES)
    if x < 0.9: return made_up()
    return f"{R.choice(FIRST_NAMES)} {made_up()}"


def number():
    x = R.random()
    if x < 0.5: return str(R.randint(2, 99))
    if x < 0.8: return str(R.randint(100, 9999))
    return str(R.randint(10000, 9999999))


def small(): return R.choice(book.COUNTS) if R.random() < 0.5 else str(R.randint(2, 120))
def time(): return f"{R.randint(1, 23)}:{R.randint(0, 59):02d}"
def file_name(): return f"{R.choice((made_up().lower(), 'report', 'photo', 'img', 'data', 'backup'))}{R.choice('_-')}{R.randint(1, 2030)}.{R.choice('pdf png txt zip docx csv json mp3'.split())}"
def city(): return R.choice(book.CITIES) if R.random() < 0.7 else [made_up()] * 5
def at(row, lang): return row[LANGUAGES.index(lang)]
def per(make): return {lang: make(lang) for lang in LANGUAGES}
def pick(**kinds): return R.choices(list(kinds), list(kinds.values()))[0]


def subject(person=False):
    kind = pick(pronoun=6, name=3, family=1, people=1)
    if kind == "pronoun": return pronoun(R.choice(("I", "I", "you", "he", "she", "we", "they")))
    if kind == "name": return named(name())
    if kind == "family": return noun_subject(R.choice(FAMILY), R.choice(("my", "my", "your", "our")))
    return noun_subject(R.choice(PEOPLE), "the", R.random() < 0.2)


def when(rows):
    x = R.random()
    if x < 0.5: return None
    if x < 0.85: return R.choice(rows)
    day = R.choice(book.DAYS)
    return [f"on {day[0]}", f"el {day[1]}", f"na {day[2]}" if "feira" in day[2] else f"no {day[2]}", f"am {day[3]}", day[4]]


def around():
    """with Anna, for my brother."""
    if R.random() < 0.8: return None
    words, case = (("with", "con", "com", "mit", "avec"), "dat") if R.random() < 0.6 else (("for", "para", "para", "für", "pour"), "acc")
    if R.random() < 0.5:
        who = name()
        return lambda lang: f"{at(words, lang)} {who}"
    noun, det = R.choice(FAMILY), R.choice(("my", "your", "our"))
    return lambda lang: f"{at(words, lang)} {noun_phrase(lang, noun, det, case=case)}"


def place():
    if R.random() < 0.85: return None
    if R.random() < 0.4:
        where = city()
        return lambda lang: f"{at(('in', 'en', 'em', 'in', 'à'), lang)} {at(where, lang)}"
    noun = R.choice(PLACES)
    return lambda lang: f"{at(('in', 'en', 'em', 'in', 'dans'), lang)} {noun_phrase(lang, noun, case='dat')}"


def unknown():
    """A noun that nobody knows: it stays as it is, as a masculine."""
    word = made_up() if R.random() < 0.5 else made_up().lower()
    return {"classes": {"unknown"}, **{lang: (word, "" if lang == "en" else "m", word) for lang in LANGUAGES}}


def adjective_for(noun):
    fit = [a for a in ADJECTIVES if not a["person"] and not a["state"]]
    return R.choice(fit) if R.random() < 0.3 else None


def thing(noun, negative=False):
    """An object: the book, my new car, three apples."""
    if R.random() < 0.06: noun = unknown()
    kind = pick(the=4, a=0 if negative else 3, my=2, your=1, our=1, this=1, many=0 if "unknown" in noun["classes"] else 1, counted=0 if negative or "unknown" in noun["classes"] else 1)
    adj = adjective_for(noun)
    people = noun in PEOPLE
    if kind == "counted":
        count = small()
        return lambda lang: noun_phrase(lang, noun, plural=True, adj=adj, case="acc", count=count)
    det, plural = ("the", True) if kind == "many" else (kind, False)
    def say(lang):
        phrase = noun_phrase(lang, noun, det, plural, adj, "acc")
        return f"a {phrase}" if people and lang == "es" and det in ("the", "this", "my", "your", "our") else phrase
    return say


def doing(question=False):
    """A clause with a verb as text of each language, without capital and mark."""
    negative = not question and R.random() < 0.2
    transitive = R.random() < 0.85
    verb = R.choice(VERBS if transitive else DOINGS)
    tense = pick(present=5, past=3, wish=5)
    wish = R.choice((0, 0, 1, 1, 2, 3, 3, 4)) if tense == "wish" else None
    needing = verb["prep"]["pt"] == "de"
    if needing and tense == "wish": wish, tense = None, "present"
    who = pronoun(R.choice(("you", "you", "you", "he", "she", "they"))) if question and R.random() < 0.7 else subject()
    obj = thing(R.choice(verb["objects"]), negative) if transitive else None
    times = when({"present": book.NOW, "past": book.BEFORE, "wish": book.LATER + book.NOW[:2]}[tense])
    others, where = around() if not question else None, place()
    return per(lambda lang: clause(lang, who, verb, obj, tense, wish, negative, question, times, others, where)), who


def state(question=False):
    very, negative = (R.random() < 0.2, R.random() < 0.2) if not question else (False, False)
    if R.random() < 0.45:
        adj = R.choice([a for a in ADJECTIVES if a["person"]] + [a for a in ADJECTIVES if a["en"][0] in ("ready", "big", "strong", "important", "fast")])
        who = subject()
    else:
        noun = R.choice(THINGS + PLACES + COMPUTING + SNACKS)
        adj = R.choice([a for a in ADJECTIVES if not a["person"]])
        if R.random() < 0.1: noun = unknown()
        who = noun_subject(noun, R.choice(("the", "the", "the", "my", "your", "our", "this")), R.random() < 0.25 and "unknown" not in noun["classes"])
    return per(lambda lang: being(lang, who, adj, very and not negative, negative, question)), who


def liking():
    noun = R.choice(FOOD + DRINKS + SNACKS + THINGS + PLACES)
    plural = noun not in FOOD + DRINKS
    who, negative = subject(), R.random() < 0.25
    i = PERSONS.index(who.person)
    def say(lang):
        what = noun_phrase(lang, noun, "the", plural)
        bare = noun_phrase(lang, noun, "none", plural)
        said = who.says(lang)
        if lang == "en": return f"{said} {'does not like' if negative and i == 2 else 'do not like' if negative else 'likes' if i == 2 else 'like'} {bare}"
        if lang == "es":
            me = ("me", "te", "le", "nos", "les")[i]
            whom = "" if who.dropped else f"a {said} "
            return f"{whom}{'no ' if negative else ''}{me} gusta{'n' if plural else ''} {what}"
        if lang == "pt": return f"{said} {'não ' if negative else ''}{('gosto', 'gosta', 'gosta', 'gostamos', 'gostam')[i]} de {bare}"
        if lang == "de": return f"{said} {('mag', 'magst', 'mag', 'mögen', 'mögen')[i]} {('keine ' if noun['de'][1] == 'f' or plural else 'keinen ' if noun['de'][1] == 'm' else 'kein ') if negative else ''}{bare}"
        return f"{said} {'ne ' if negative else ''}{('aime', 'aimes', 'aime', 'aimons', 'aiment')[i]} {'pas ' if negative else ''}{what}"
    return per(say), who


def taking():
    """I drink coffee in the morning."""
    drink = R.random() < 0.5
    noun = R.choice(DRINKS if drink else FOOD)
    forms = {"en": ("drink", "drinks") if drink else ("eat", "eats"), "es": "bebo bebes bebe bebemos beben" if drink else "como comes come comemos comen",
             "pt": "bebo bebe bebe bebemos bebem" if drink else "como come come comemos comem", "de": "trinke trinkst trinkt trinken trinken" if drink else "esse isst isst essen essen",
             "fr": "bois bois boit buvons boivent" if drink else "mange manges mange mangeons mangent"}
    who, times = subject(), when(book.NOW)
    i = PERSONS.index(who.person)
    def say(lang):
        said = "" if lang == "es" and who.dropped else who.says(lang)
        bare = noun_phrase(lang, noun, "none")
        verb = forms["en"][i == 2] if lang == "en" else forms[lang].split()[i]
        if lang == "fr": bare = "de l'" + bare if bare[0] in "aeiouœ" else ("du " if noun["fr"][1] == "m" else "de la ") + bare
        now = at(times, lang) if times else ""
        return " ".join(x for x in ((said, verb, now, bare) if lang == "de" else (said, verb, bare, now)) if x)
    return per(say), who


def having(question=False):
    noun = R.choice(THINGS + FAMILY + COMPUTING + SNACKS)
    who = pronoun("you") if question else subject()
    i, adj = PERSONS.index(who.person), adjective_for(noun) if noun not in FAMILY else None
    count = small() if R.random() < 0.4 and not question else None
    forms = {"es": "tengo tienes tiene tenemos tienen", "pt": "tenho tem tem temos têm", "de": " ".join(HAVE["de"]), "fr": " ".join(HAVE["fr"])}
    def say(lang):
        what = noun_phrase(lang, noun, "a", bool(count), adj, "acc", count)
        if lang == "en": return f"do you have {what}" if question else f"{who.says(lang)} {'has' if i == 2 else 'have'} {what}"
        verb = forms[lang].split()[i]
        said = "" if lang == "es" and who.dropped else who.says(lang)
        if question and lang == "de": return f"{verb} {said} {what}"
        if question and lang == "fr": return f"est-ce que {said} {verb} {what}"
        return f"{said} {verb} {what}".strip()
    return per(say), who


def identity():
    """Anna is a doctor; I speak German; I am from Spain; I live in Brazil."""
    who = subject() if R.random() < 0.6 else pronoun("I")
    i = PERSONS.index(who.person)
    said = lambda lang: "" if lang == "es" and who.dropped else who.says(lang)
    kind = pick(work=2, tongue=3, origin=2, home=2)
    if kind == "work":
        while who.person in ("we", "they") or getattr(who, "genders", None): who = subject()
        if who.gender == "f": who = named(name())
        i, row = PERSONS.index(who.person), R.choice(book.PROFESSIONS)
        def say(lang):
            a = ("an " if row[0][0] in "aeio" else "a ") if lang == "en" else ""
            return f"{said(lang)} {BE[lang].split()[i]} {a}{at(row, lang)}".strip()
        return per(say), who
    if kind == "tongue":
        row, learn, negative = R.choice(book.TONGUES), R.random() < 0.4, R.random() < 0.2
        forms = {"en": ("learn", "learns") if learn else ("speak", "speaks"), "es": "aprendo aprendes aprende aprendemos aprenden" if learn else "hablo hablas habla hablamos hablan",
                 "pt": "aprendo aprende aprende aprendemos aprendem" if learn else "falo fala fala falamos falam", "de": "lerne lernst lernt lernen lernen" if learn else "spreche sprichst spricht sprechen sprechen",
                 "fr": "apprends apprends apprend apprenons apprennent" if learn else "parle parles parle parlons parlent"}
        def say(lang):
            verb = forms["en"][i == 2] if lang == "en" else forms[lang].split()[i]
            what = at(row, lang)
            if lang == "en": return f"{who.says(lang)} {('does not ' if i == 2 else 'do not ') + forms['en'][0] if negative else verb} {what}"
            if lang == "de": return f"{who.says(lang)} {verb} {'kein ' if negative else ''}{what}"
            if lang == "fr":
                what = ("l'" + what if what[0] in "aei" else "le " + what) if learn else what
                return f"{who.says(lang)} {'ne ' if negative else ''}{verb} {'pas ' if negative else ''}{what}"
            return f"{said(lang)} {({'es': 'no ', 'pt': 'não '}[lang]) if negative else ''}{verb} {what}".strip()
        return per(say), who
    row = R.choice(book.COUNTRIES)
    art, land = row[2].split(" ") if " " in row[2] else ("", row[2])
    feminine, fr = row[4].split(" ")
    if kind == "origin":
        verbs = {"en": "am are is are are", "es": BE["es"], "pt": BE["pt"], "de": "komme kommst kommt kommen kommen", "fr": "viens viens vient venons viennent"}
        what = {"en": f"from {row[0]}", "es": f"de {row[1]}", "pt": f"de {art} {land}", "de": f"aus {row[3]}", "fr": f"de {fr}" if feminine == "f" else f"du {fr}"}
    else:
        verbs = {"en": "live live lives live live", "es": "vivo vives vive vivimos viven", "pt": "moro mora mora moramos moram", "de": "wohne wohnst wohnt wohnen wohnen", "fr": "habite habites habite habitons habitent"}
        what = {"en": f"in {row[0]}", "es": f"en {row[1]}", "pt": f"em {art} {land}", "de": f"in {row[3]}", "fr": f"en {fr}" if feminine == "f" else f"au {fr}"}
    return per(lambda lang: f"{said(lang)} {verbs[lang].split()[i]} {what[lang]}".strip()), who


def pointing():
    """This is my new car. There is a dog in the garden."""
    if R.random() < 0.5:
        noun = R.choice(THINGS + FAMILY + COMPUTING + PLACES)
        det, adj = R.choice(("my", "my", "your", "our", "a")), adjective_for(noun) if noun not in FAMILY else None
        def say(lang):
            what = noun_phrase(lang, noun, det, adj=adj)
            feminine = noun[lang][1] == "f"
            return {"en": "this is", "es": "esta es" if feminine else "este es", "pt": "esta é" if feminine else "este é", "de": "das ist", "fr": "c'est"}[lang] + " " + what
        return per(say), None
    noun, where, adj = R.choice(THINGS + SNACKS), R.choice(PLACES), None
    count = small() if R.random() < 0.5 else None
    def say(lang):
        what = noun_phrase(lang, noun, "a", bool(count), adj, "acc", count)
        there = noun_phrase(lang, where, case="dat")
        return {"en": f"there {'are' if count else 'is'} {what} in {there}", "es": f"hay {what} en {there}", "pt": f"há {what} em {there}", "de": f"es gibt {what} in {there}", "fr": f"il y a {what} dans {there}"}[lang]
    return per(say), None


def asking():
    kind = pick(where=3, cost=2, do=4, be=1, have=2)
    if kind == "do": return doing(True)[0], "?"
    if kind == "be": return state(True)[0], "?"
    if kind == "have": return having(True)[0], "?"
    if kind == "where":
        placed = R.random() < 0.6
        noun = R.choice(PLACES if placed else THINGS + COMPUTING)
        det, plural = ("the", False) if placed else (R.choice(("the", "my", "your")), R.random() < 0.2)
        be = {"en": ("is", "are"), "es": ("está", "están"), "pt": ("fica", "ficam") if placed else ("está", "estão"), "de": ("ist", "sind"), "fr": ("est", "sont")}
        ask = {"en": "where", "es": "dónde", "pt": "onde", "de": "wo", "fr": "où"}
        return per(lambda lang: f"{ask[lang]} {be[lang][plural]} {noun_phrase(lang, noun, det, plural)}"), "?"
    noun, det, plural = R.choice(THINGS + SNACKS), R.choice(("the", "the", "this")), R.random() < 0.2
    verb = {"en": ("does", "do"), "es": ("cuesta", "cuestan"), "pt": ("custa", "custam"), "de": ("kostet", "kosten"), "fr": ("coûte", "coûtent")}
    def say(lang):
        what = noun_phrase(lang, noun, det, plural)
        v = verb[lang][plural]
        return {"en": f"how much {v} {what} cost", "es": f"cuánto {v} {what}", "pt": f"quanto {v} {what}", "de": f"wie viel {v} {what}", "fr": f"combien {v} {what}"}[lang]
    return per(say), "?"


def costing():
    noun, plural, n = R.choice(THINGS + SNACKS), R.random() < 0.2, number()
    euro = R.random() < 0.6
    verb = {"en": ("costs", "cost"), "es": ("cuesta", "cuestan"), "pt": ("custa", "custam"), "de": ("kostet", "kosten"), "fr": ("coûte", "coûtent")}
    money = {"en": "euros", "es": "euros", "pt": "euros", "de": "Euro", "fr": "euros"} if euro else {"en": "dollars", "es": "dólares", "pt": "dólares", "de": "Dollar", "fr": "dollars"}
    det = R.choice(("the", "this"))
    return per(lambda lang: f"{noun_phrase(lang, noun, det, plural)} {verb[lang][plural]} {n} {money[lang]}"), None


def dating():
    event, det = R.choice(EVENTS), R.choice(("the", "the", "my", "our"))
    hour = time() if R.random() < 0.5 else None
    if R.random() < 0.6:
        day = R.choice(book.DAYS)
        on = {"en": f"on {day[0]}", "es": f"el {day[1]}", "pt": f"na {day[2]}" if "feira" in day[2] else f"no {day[2]}", "de": f"am {day[3]}", "fr": day[4]}
    else:
        n, month = R.randint(2, 31), R.choice(book.MONTHS)
        on = {"en": f"on {month[0]} {n}", "es": f"el {n} de {month[1]}", "pt": f"em {n} de {month[2]}", "de": f"am {n}. {month[3]}", "fr": f"le {n} {month[4]}"}
    clock = {"en": f" at {hour}", "es": f" a las {hour}", "pt": f" às {hour}", "de": f" um {hour} Uhr", "fr": f" à {hour}"} if hour else per(lambda lang: "")
    be = {"en": "is", "es": "es", "pt": "é", "de": "ist", "fr": "est"}
    return per(lambda lang: f"{noun_phrase(lang, event, det)} {be[lang]} {on[lang]}{clock[lang]}"), None


def ordering():
    noun, count = R.choice(SNACKS + DRINKS), None
    if noun in SNACKS and R.random() < 0.3: count = R.choice(book.COUNTS[:6])
    lead = R.random() < 0.5
    def say(lang):
        what = noun_phrase(lang, noun, "a", bool(count), None, "acc", count)
        please = at(("please", "por favor", "por favor", "bitte", "s'il vous plaît"), lang)
        return (at(("I would like", "quisiera", "eu gostaria de", "ich möchte", "je voudrais"), lang) + " " if lead else "") + what + ("" if lang == "de" and lead else ",") + " " + please if lang != "de" or not lead else f"ich möchte bitte {what}"
    return per(say), None


PARTS = {"open": ("opened", "abierto", "aberto", "geöffnet", "ouvert"), "save": ("saved", "guardado", "salvo", "gespeichert", "enregistré"), "delete": ("deleted", "eliminado", "excluído", "gelöscht", "supprimé"),
         "send": ("sent", "enviado", "enviado", "geschickt", "envoyé"), "find": ("found", "encontrado", "encontrado", "gefunden", "trouvé"), "update": ("updated", "actualizado", "atualizado", "aktualisiert", "actualisé")}


def screen():
    """What programs say. Returns texts with their marks."""
    noun = R.choice(COMPUTING)
    kind = pick(command=4, done=3, failed=3, sure=1, missing=1, new=1, choose=2, selected=1, none=1, enter=2, named=2)
    fem = lambda lang, word: word[:-1] + "a" if noun[lang][1] == "f" else word
    if kind == "command":
        verb = R.choice([v for v in VERBS if noun in v["objects"] and v["prep"]["pt"] == "" and v["en"][0] not in ("find", "see")])
        det, plural = R.choice(("the", "the", "this", "all")), False
        if det == "all":
            quantity = {"en": "all", "es": "todas" if noun["es"][1] == "f" else "todos", "pt": "todas" if noun["pt"][1] == "f" else "todos", "de": "alle", "fr": "toutes" if noun["fr"][1] == "f" else "tous"}
            phrase = lambda lang: quantity[lang] + " " + noun_phrase(lang, noun, "none" if lang in ("en", "de") else "the", True)
        else: phrase = lambda lang: noun_phrase(lang, noun, det, case="acc")
        return per(lambda lang: sentence(lang, f"{phrase(lang)} {verb[lang][0]}" if lang == "de" else f"{verb[lang][0]} {phrase(lang)}", ""))
    if kind in ("done", "failed"):
        which = R.choice(list(PARTS))
        part = dict(zip(LANGUAGES, PARTS[which]))
        verb = next(v for v in VERBS if v["en"][0] == which)
        det, plural = R.choice(("the", "the", "your")), R.random() < 0.25
        title = "" if R.random() < 0.8 or plural or det == "your" else " " + file_name()
        def agree(lang):
            p = fem(lang, part[lang]) if lang in ("es", "pt") else part[lang] + ("e" if lang == "fr" and noun["fr"][1] == "f" else "")
            return p + ("s" if plural else "")
        def say(lang):
            what = noun_phrase(lang, noun, det, plural) + title
            if kind == "done":
                return {"en": f"{what} {'have' if plural else 'has'} been {part['en']}", "es": f"{what} {'han' if plural else 'ha'} sido {agree('es')}", "pt": f"{what} {'foram' if plural else 'foi'} {agree('pt')}",
                        "de": f"{what} {'wurden' if plural else 'wurde'} {part['de']}", "fr": f"{what} {'ont' if plural else 'a'} été {agree('fr')}"}[lang]
            return {"en": f"{what} could not be {part['en']}", "es": f"no se {'pudieron' if plural else 'pudo'} {verb['es'][0]} {what}", "pt": f"não foi possível {verb['pt'][0]} {what}",
                    "de": f"{what} {'konnten' if plural else 'konnte'} nicht {part['de']} werden", "fr": f"impossible de {verb['fr'][0]} {what}"}[lang]
        return per(lambda lang: sentence(lang, say(lang)))
    if kind == "sure":
        verb = R.choice([v for v in VERBS if v["en"][0] in ("delete", "save", "open", "close", "share", "print", "send", "change") and noun in v["objects"]] or [v for v in VERBS if v["en"][0] == "delete"])
        what = lambda lang: noun_phrase(lang, noun, "this", case="acc")
        return per(lambda lang: sentence(lang, {"en": f"are you sure you want to {verb['en'][0]} {what(lang)}", "es": f"seguro que quieres {verb['es'][0]} {what(lang)}", "pt": f"tem certeza de que deseja {verb['pt'][0]} {what(lang)}",
                                               "de": f"möchten Sie {what(lang)} wirklich {verb['de'][0]}", "fr": f"voulez-vous vraiment {verb['fr'][0]} {what(lang)}"}[lang], "?"))
    bare = lambda lang, plural=False: noun_phrase(lang, noun, "none", plural)
    if kind == "missing": return per(lambda lang: sentence(lang, {"en": f"{bare(lang)} not found", "es": f"{bare(lang)} no {fem('es', 'encontrado')}", "pt": f"{bare(lang)} não {fem('pt', 'encontrado')}", "de": f"{bare(lang)} nicht gefunden", "fr": f"{bare(lang)} introuvable"}[lang], ""))
    if kind == "new":
        adj = next(a for a in ADJECTIVES if a["en"][0] == "new")
        return per(lambda lang: sentence(lang, {"en": f"new {bare(lang)}", "es": f"{fem('es', 'nuevo')} {bare(lang)}", "pt": f"{fem('pt', 'novo')} {bare(lang)}"}.get(lang) or noun_phrase(lang, noun, "none", adj=adj), ""))
    if kind == "choose":
        what = lambda lang: noun_phrase(lang, noun, "a", case="acc")
        return per(lambda lang: sentence(lang, {"en": f"select {what(lang)}", "es": f"selecciona {what(lang)}", "pt": f"selecione {what(lang)}", "de": f"wählen Sie {what(lang)} aus", "fr": f"sélectionnez {what(lang)}"}[lang], R.choice(("", "."))))
    if kind == "selected":
        n = number()
        return per(lambda lang: sentence(lang, {"en": f"{n} {bare(lang, True)} selected", "es": f"{n} {bare(lang, True)} {fem('es', 'seleccionado')}s", "pt": f"{n} {bare(lang, True)} {fem('pt', 'selecionado')}s", "de": f"{n} {bare(lang, True)} ausgewählt", "fr": f"{n} {bare(lang, True)} sélectionné{'e' if noun['fr'][1] == 'f' else ''}s"}[lang], ""))
    if kind == "none": return per(lambda lang: sentence(lang, {"en": f"no {bare(lang, True)}", "es": f"no hay {bare(lang, True)}", "pt": f"{'nenhuma' if noun['pt'][1] == 'f' else 'nenhum'} {bare(lang)}", "de": f"keine {bare(lang, True)}", "fr": f"{'aucune' if noun['fr'][1] == 'f' else 'aucun'} {bare(lang)}"}[lang], ""))
    if kind == "enter":
        german = {"m": "Ihren", "f": "Ihre", "n": "Ihr"}[noun["de"][1]]
        return per(lambda lang: sentence(lang, {"en": f"enter your {bare(lang)}", "es": f"introduce tu {bare(lang)}", "pt": f"digite {'sua' if noun['pt'][1] == 'f' else 'seu'} {bare(lang)}", "de": f"geben Sie {german} {bare(lang)} ein", "fr": f"saisissez votre {bare(lang)}"}[lang], R.choice(("", "."))))
    title, open_it = file_name(), R.random() < 0.5
    return per(lambda lang: {"en": f"The file {title} was not found." if open_it else f"Open {title}", "es": f"No se encontró el archivo {title}." if open_it else f"Abrir {title}", "pt": f"O arquivo {title} não foi encontrado." if open_it else f"Abrir {title}",
                             "de": f"Die Datei {title} wurde nicht gefunden." if open_it else f"{title} öffnen", "fr": f"Le fichier {title} est introuvable." if open_it else f"Ouvrir {title}"}[lang])


def word():
    kind = pick(noun=6, article=3, adjective=2, verb=2, other=3)
    if kind in ("noun", "article"):
        noun, plural = R.choice(NOUNS), R.random() < 0.2
        if noun in FOOD + DRINKS: plural = False
        det = "none" if kind == "noun" else R.choice(("the", "the", "a", "my"))
        adj = adjective_for(noun) if kind == "article" else None
        return per(lambda lang: spell(lang, noun_phrase(lang, noun, "none" if det == "a" and plural else det, plural, adj)))
    if kind == "adjective":
        adj = R.choice(ADJECTIVES)
        return per(lambda lang: adjective(lang, adj))
    if kind == "verb":
        verb = R.choice(VERBS + DOINGS)
        return per(lambda lang: ("to " if lang == "en" else "") + verb[lang][0])
    row = R.choice(R.choice((book.DAYS, book.MONTHS, book.COUNTS, book.TONGUES, book.CITIES, book.NOW, book.LATER, book.BEFORE, book.PROFESSIONS)))
    return dict(zip(LANGUAGES, row))


def phrase():
    row = R.choice(book.PHRASES)
    where, values = city(), {"NAME": name(), "NAME2": name(), "NUMBER": number(), "NUMBER2": number(), "TIME": time()}
    def fill(text, lang): return re.sub(r"\b(NAME2?|NUMBER2?|TIME|CITY)\b", lambda m: at(where, lang) if m[0] == "CITY" else values[m[0]], text)
    return {lang: [fill(way.strip(), lang) for way in cell.split(" ~ ")] for lang, cell in zip(LANGUAGES, row)}


# ---------------------------------------------------------------- other ways to say the same

SHORT = [(r"\b([Dd])o not\b", r"\1on't"), (r"\b([Dd])oes not\b", r"\1oesn't"), (r"\b([Dd])id not\b", r"\1idn't"), (r"\bcannot\b", "can't"), (r"\bwould not\b", "wouldn't"), (r"\bis not\b", "isn't"), (r"\bare not\b", "aren't"),
         (r"\bcould not\b", "couldn't"), (r"\bI am\b", "I'm"), (r"\b([Yy])ou are\b", r"\1ou're"), (r"\b([Ww])e are\b", r"\1e're"), (r"\b([Tt])hey are\b", r"\1hey're"), (r"\b([Hh])e is\b", r"\1e's"), (r"\b([Ss])he is\b", r"\1he's"), (r"\bI would\b", "I'd")]


def ways(lang, text):
    """The text, and what people write as well."""
    out = [text]
    if lang == "en":
        other = text
        for a, b in SHORT: other = re.sub(a, b, other)
        if other != text: out.append(other)
        if "cannot" in text: out.append(text.replace("cannot", "can not"))
    if lang == "fr" and " est-ce qu" not in text and text.startswith("Est-ce qu"):
        rest = re.sub(r"^Est-ce qu(e |')", "", text)
        out.append(rest[0].upper() + rest[1:])
    if lang == "pt" and re.match(r"(Eu|Nós) \w", text):
        rest = text.split(" ", 1)[1]
        out.append(rest[0].upper() + rest[1:])
    if lang == "fr": out += [way.replace(" ?", "?").replace(" !", "!") for way in out if " ?" in way or " !" in way]
    return out


def meaning():
    kind = pick(phrase=16, word=9, doing=34, state=12, liking=3, taking=3, having=6, identity=8, pointing=5, asking=14, costing=2, dating=4, ordering=2, screen=14, joined=8)
    if kind == "phrase": return kind, {lang: list(dict.fromkeys(w for way in some for w in ways(lang, way))) for lang, some in phrase().items()}
    if kind == "word":
        made = word()
        if R.random() < 0.3: made = {lang: text[0].upper() + text[1:] for lang, text in made.items()}
        return kind, {lang: [text] for lang, text in made.items()}
    if kind == "screen": return kind, {lang: ways(lang, text) for lang, text in screen().items()}
    if kind == "asking":
        made, mark = asking()
        return kind, {lang: ways(lang, sentence(lang, text, mark)) for lang, text in made.items()}
    makers = {"doing": doing, "state": state, "liking": liking, "taking": taking, "having": having, "identity": identity, "pointing": pointing, "costing": costing, "dating": dating, "ordering": ordering}
    if kind == "joined":
        (one, _), (two, who) = (makers[R.choice(("doing", "state", "having", "identity"))]() for _ in "12")
        link = R.choice((("and", "y", "e", "und", "et"), (", but", ", pero", ", mas", ", aber", ", mais")))
        made = {lang: re.sub(" ,", ",", f"{one[lang]} {at(link, lang)} {two[lang]}") for lang in LANGUAGES}
        made["es"] = re.sub(r" y (?=[iI]|hi)", " e ", made["es"])
        made["de"] = made["de"].replace(" und ", " und ")
    else: made, _ = makers[kind]()
    mark = "." if R.random() < 0.92 else "!"
    return kind, {lang: ways(lang, sentence(lang, text, mark)) for lang, text in made.items()}


def plainer(kind, made):
    """As people type: without the last mark, or in small letters. Only for what is not a name."""
    x = R.random()
    if kind in ("word", "screen") or x > 0.16: return made
    strip = lambda text: re.sub(r"^[¿¡]|\s*[.!?]+$", "", text)
    if x < 0.08: return {lang: [strip(t) for t in some] for lang, some in made.items()}
    lower = lambda lang, t: t if re.match(r"I\b", t) and lang == "en" else t[0].lower() + t[1:]
    if kind in ("phrase", "asking") or all(some[0].split(" ")[0].lower() in ("the", "my", "our", "your", "this", "we", "he", "she", "they", "you", "there") for lang, some in made.items() if lang == "en"):
        return {lang: [lower(lang, strip(t)) for t in some] for lang, some in made.items()} if kind != "phrase" or not re.match(r"[A-Z]\w+( \w+)? (is|and|lives|works|tiene)\b", made["en"][0]) else made
    return made


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("data"); p.add_argument("--meanings", type=int, default=400000); p.add_argument("--seed", type=int, default=1); p.add_argument("--tests", type=int, default=400)
    a = p.parse_args()
    os.makedirs(a.data, exist_ok=True)
    R.seed(a.seed)
    seen, tests = set(), []
    with open(a.data + "/train.jsonl", "w") as f:
        for _ in range(a.meanings):
            kind, made = meaning()
            key = json.dumps(sorted(some[0] for some in made.values()))
            if zlib.crc32(key.encode()) % 100 == 0 and held_out(kind, made):
                if len(tests) < a.tests and key not in seen: tests.append({"kind": kind, **{lang: made[lang][0] for lang in LANGUAGES}, "kept": kept(made)})
                seen.add(key)
            else: f.write(json.dumps({"kind": kind, **plainer(kind, made)}, ensure_ascii=False) + "\n")
    with open(a.data + "/held-out.jsonl", "w") as f:
        for test in tests: f.write(json.dumps(test, ensure_ascii=False) + "\n")
    print(f"{a.meanings} meanings, {len(tests)} others held out")


def held_out(kind, made):
    """Words and fixed phrases are there to be known by heart."""
    return kind != "word" and not (kind == "phrase" and not re.search(r"\d|[A-Z]\w+[A-Z]?", made["en"][0][1:]))


def kept(made):
    words = set.intersection(*(set(re.findall(r"[A-Za-z]+|\d+(?::\d+)?", made[lang][0])) for lang in LANGUAGES))
    return sorted(w for w in words if w[0].isdigit() or (w[0].isupper() and len(w) > 2 and w not in FIRST_NAMES))


if __name__ == "__main__": main()
