"""Sentences of the phrase book in five languages: articles, endings, conjugations, word order."""
import re
import phrase_book as book
from phrase_book import LANGUAGES

VOWELS = "aeiouáéíóúàâãäêèëîïôõöûùüœ"


# ---------------------------------------------------------------- nouns

def plural_of(lang, word):
    if lang == "en":
        if re.search(r"(s|x|ch|sh)$", word): return word + "es"
        return re.sub(r"([^aeiou])y$", r"\1ie", word) + "s"
    if lang == "es":
        if word[-1] in "aeiouáéó": return word + "s"
        return re.sub("ción$", "cion", re.sub("z$", "c", unaccented(word))) + "es"
    if lang == "pt":
        for end, new in (("ão", "ões"), ("m", "ns"), ("al", "ais"), ("el", "éis"), ("r", "res"), ("z", "zes"), ("s", "ses")):
            if word.endswith(end): return word[:-len(end)] + new
        return word + "s"
    if word[-1] in "sxz": return word
    return word + ("x" if word.endswith("eau") else "s")


def unaccented(word):
    """avión -> avion-es: the accent goes when the stress no longer needs it."""
    return re.sub(r"[áéíóú](?=[ns]$)", lambda m: "aeiou"["áéíóú".index(m[0])], word)


def nouns(table, classes):
    out = []
    for row in table:
        noun = {"classes": {classes, row[0].split("/")[0]}}
        for lang, cell in zip(LANGUAGES, row):
            if lang == "en": word, gender, more = *(cell.split("/") + [None])[:1], "", cell.split("/")[1] if "/" in cell else None
            else:
                more = cell.split("/")[1] if "/" in cell else None
                word, gender = cell.split("/")[0].rsplit(" ", 1)
            noun[lang] = (word, gender, more or (plural_of(lang, word) if lang != "de" else word))
        out.append(noun)
    return out


THINGS, SNACKS, FOOD, DRINKS, PLACES, FAMILY, PEOPLE, COMPUTING = (
    nouns(getattr(book, name.upper()), name) for name in ("things", "snacks", "food", "drinks", "places", "family", "people", "computing"))
NOUNS = THINGS + SNACKS + FOOD + DRINKS + PLACES + FAMILY + PEOPLE + COMPUTING
EVENTS = nouns(book.rows("""
meeting | reunión f | reunião f | Besprechung f/Besprechungen | réunion f
concert | concierto m | concerto m | Konzert n/Konzerte | concert m
exam | examen m/exámenes | exame m | Prüfung f/Prüfungen | examen m
party | fiesta f | festa f | Feier f/Feiern | fête f
appointment | cita f | consulta f | Termin m/Termine | rendez-vous m
trip | viaje m | viagem f | Reise f/Reisen | voyage m
"""), "events")


def members(classes):
    wanted = set(classes.split())
    return [n for n in NOUNS if n["classes"] & wanted]


# ---------------------------------------------------------------- adjectives

def adjectives():
    out = []
    for row in book.ADJECTIVES:
        marks, cells = set(row[4].split()[1:]), row[:4] + [row[4].split()[0]]
        adj = {"state": "be" in marks, "before": "before" in marks, "person": "person" in marks}
        for lang, cell in zip(LANGUAGES, cells): adj[lang] = cell.split("/")
        out.append(adj)
    return out


def adjective(lang, adj, gender="m", plural=False, before=None):
    forms = adj[lang]
    if lang in ("en", "de"): return forms[0]
    if len(forms) > 1: fem = forms[1]
    elif lang == "fr": fem = forms[0] if forms[0].endswith("e") else forms[0] + "e"
    else: fem = forms[0][:-1] + "a" if forms[0].endswith("o") else forms[0]
    word = fem if gender == "f" else forms[0]
    if plural: return forms[2] if len(forms) > 2 else plural_of(lang, word)
    if lang == "fr" and gender == "m" and before and before[0].lower() in VOWELS + "h":
        return {"nouveau": "nouvel", "beau": "bel", "vieux": "vieil"}.get(word, word)
    return word


ADJECTIVES = adjectives()

# ---------------------------------------------------------------- noun phrases

GERMAN = {  # der-words and ein-words: endings by case and gender
    "the": {"nom": "der die das die", "acc": "den die das die", "dat": "dem der dem den"},
    "this": {"nom": "dieser diese dieses diese", "acc": "diesen diese dieses diese", "dat": "diesem dieser diesem diesen"},
    "ein": {"nom": " e  e", "acc": "en e  e", "dat": "em er em en"},
}
OWN = {
    "my": {"en": "my", "es": ("mi", "mi", "mis", "mis"), "pt": ("meu", "minha", "meus", "minhas"), "de": "mein", "fr": ("mon", "ma", "mes")},
    "your": {"en": "your", "es": ("tu", "tu", "tus", "tus"), "pt": ("seu", "sua", "seus", "suas"), "de": "dein", "fr": ("ton", "ta", "tes")},
    "our": {"en": "our", "es": ("nuestro", "nuestra", "nuestros", "nuestras"), "pt": ("nosso", "nossa", "nossos", "nossas"), "de": "unser", "fr": ("notre", "notre", "nos")},
}
ARTICLES = {
    "the": {"es": ("el", "la", "los", "las"), "pt": ("o", "a", "os", "as"), "fr": ("le", "la", "les")},
    "a": {"es": ("un", "una", "unos", "unas"), "pt": ("um", "uma", "uns", "umas"), "fr": ("un", "une", "des")},
    "this": {"es": ("este", "esta", "estos", "estas"), "pt": ("este", "esta", "estes", "estas"), "fr": ("ce", "cette", "ces")},
}


def noun_phrase(lang, noun, det="the", plural=False, adj=None, case="nom", count=None):
    """`det`: the, a, this, my, your, our, none; `count`: a row of COUNTS or a number, which takes the place of `det`."""
    word, gender, many = noun[lang]
    name = many if plural else word
    if lang == "en":
        first = (count[0] if isinstance(count, list) else str(count)) if count else {"the": "the", "this": "these" if plural else "this", "none": ""}.get(det) if det in ("the", "this", "none") else OWN[det]["en"] if det in OWN else ""
        body = f"{adj['en'][0]} {name}" if adj else name
        if det == "a" and not count and not plural: first = "an" if re.match(r"[aeio]|u(?!n[iI]|s[ei])", body) else "a"
        return " ".join(x for x in (first, body) if x)
    counted = (count[LANGUAGES.index(lang)] if isinstance(count, list) else str(count)) if count else None
    if lang == "de": return german_phrase(name, gender, det, plural, adj, case, counted)
    index = {"m": 0, "f": 1}[gender] + (2 if plural else 0)
    if lang == "fr": index = 2 if plural else index
    shown = adjective(lang, adj, gender, plural, name if lang == "fr" else None) if adj else None
    body = f"{shown} {name}" if adj and lang == "fr" and adj["before"] else f"{name} {shown}" if adj else name
    if counted:
        if counted == "dois" and gender == "f": counted = "duas"
        first = counted
    elif det == "none": first = ""
    else: first = (OWN[det][lang] if det in OWN else ARTICLES[det][lang])[index]
    if lang == "fr" and body[0].lower() in VOWELS + "h":
        first = {"ma": "mon", "ta": "ton", "ce": "cet"}.get(first, first)
    if lang == "es" and body == "agua" and first in ("la", "una"): first = {"la": "el", "una": "un"}[first]
    return f"{first} {body}".strip()


def german_phrase(name, gender, det, plural, adj, case, counted):
    index = 3 if plural else "mfn".index(gender)
    strong = ["er", "e", "es", "e"] if case == "nom" else ["en", "e", "es", "e"]
    weak = ["e", "e", "e", "en"] if case == "nom" else ["en", "e", "e", "en"]
    if counted: first, ending = counted, "e" if case != "dat" else "en"
    elif det in ("the", "this"): first, ending = GERMAN[det][case].split()[index], "en" if case == "dat" else weak[index]
    elif det == "none": first, ending = "", strong[index]
    else:
        stem = {"a": "ein"}.get(det) or OWN[det]["de"]
        first, ending = stem + GERMAN["ein"][case].split(" ")[index], "en" if case == "dat" or plural else strong[index]
        if det == "a" and plural: first, ending = "", "e"
    if plural and case == "dat" and not re.search("[ns]$", name): name += "n"
    shown = {"teuer": "teur"}.get(adj["de"][0], adj["de"][0]) + ending if adj else None
    return " ".join(x for x in (first, shown, name) if x)


# ---------------------------------------------------------------- verbs

PERSONS = ("I", "you", "he", "we", "they")
EMPTY = {"es": "", "pt": "", "de": "", "fr": ""}


def cell_of(cell):
    """"leer [leo lees ...; leí ...]" -> words before the brackets, lists within."""
    head, _, rest = cell.partition("[")
    return head.split(), [part.split() for part in rest.rstrip("] ").split(";")] if rest else []


def verbs(table):
    out = []
    for row in table:
        cells, _, objects = row[4].partition(":")
        verb = {"objects": members(objects) if objects else [], "prep": {}}
        for lang, cell in zip(LANGUAGES, row[:4] + [cells]):
            head, irregular = cell_of(cell)
            base, _, prep = head[0].partition("+")
            verb["prep"][lang] = prep
            verb[lang] = (base.replace("_", " "), head[1].replace("_", " ") if len(head) > 1 else None, irregular)
        out.append(verb)
    return out


def spanish(base, irregular):
    stem, end = base[:-2], base[-2:]
    present = {"ar": "o as a amos an", "er": "o es e emos en", "ir": "o es e imos en"}[end].split()
    past = ("é aste ó amos aron" if end == "ar" else "í iste ió imos ieron").split()
    now, then = [stem + x for x in present], [stem + x for x in past]
    if end == "ar": then[0] = re.sub("zé$", "cé", re.sub("gé$", "gué", re.sub("cé$", "qué", then[0])))
    if irregular and len(irregular[0]) == 1: now = [irregular[0][0] + x if i != 3 else now[3] for i, x in enumerate(present)]
    elif irregular: now, then = irregular[0], irregular[1] if len(irregular) > 1 else then
    return now, then


def portuguese(base, irregular):
    stem, end = base[:-2], base[-2:]
    present = {"ar": "o a amos am", "er": "o e emos em", "ir": "o e imos em"}[end].split()
    past = {"ar": "ei ou amos aram", "er": "i eu emos eram", "ir": "i iu imos iram"}[end].split()
    now, then = [stem + x for x in present], [stem + x for x in past]
    if end == "ar": then[0] = re.sub("çei$", "cei", re.sub("gei$", "guei", re.sub("cei$", "quei", then[0])))
    if irregular: now, then = irregular[0], irregular[1] if len(irregular) > 1 else then
    wide = lambda f: [f[0], f[1], f[1], f[2], f[3]]  # você speaks as he does
    return wide(now), wide(then)


def german(base, irregular):
    stem = re.sub("en$|n$", "", base)
    e = "e" if re.search("[td]$|ffn$", stem) else ""
    now = [re.sub("er$", "ere", stem) if base.endswith("ern") else stem + "e", stem + e + ("t" if re.search("[sßz]$", stem) else "st"), stem + e + "t", base, base]
    if irregular: now[1:3] = irregular[0]
    return now


def french(base, irregular):
    if irregular: return irregular[0]
    return [base[:-2] + x for x in "e es e ons ent".split()]


def finite(lang, verb, person, past=False):
    """The verb's finite form as a list: what comes after it too (avoir besoin). German and French past are made with haben and avoir."""
    p = PERSONS.index(person)
    base, extra, irregular = verb[lang]
    if lang == "en":
        words = base.split(" ")
        if past: return [(extra or "").replace("_", " ")]
        if person != "he": return [base]
        words[0] = words[0] + "es" if re.search(r"(s|x|ch|sh)$", words[0]) else re.sub(r"([^aeiou])y$", r"\1ie", words[0]) + "s"
        return [" ".join(words)]
    if lang == "es": return [spanish(base, irregular)[past][p]]
    if lang == "pt": return [portuguese(base, irregular)[past][p]]
    if lang == "de": return [german(base, irregular)[p]]
    return french(base, irregular)[p].split("_")


HAVE = {"de": "habe hast hat haben haben".split(), "fr": "ai as a avons ont".split()}
VERBS, DOINGS = verbs(book.VERBS), verbs(book.DOINGS)

# ---------------------------------------------------------------- subjects

PRONOUNS = {"I": ("I", "yo", "eu", "ich", "je"), "you": ("you", "tú", "você", "du", "tu"), "he": ("he", "él", "ele", "er", "il"), "she": ("she", "ella", "ela", "sie", "elle"),
            "we": ("we", "nosotros", "nós", "wir", "nous"), "they": ("they", "ellos", "eles", "sie", "ils")}


class Subject:
    def __init__(self, words, person, gender="m", pronoun=False, dropped=False, name=False):
        self.words, self.person, self.gender, self.pronoun, self.dropped, self.name = words, person, gender, pronoun, dropped, name

    def says(self, lang): return self.words[lang]


def pronoun(which):
    person = {"she": "he"}.get(which, which)
    words = dict(zip(LANGUAGES, PRONOUNS[which]))
    return Subject(words, person, "f" if which == "she" else "m", True, dropped=which in ("I", "you", "we"))


def named(name): return Subject({lang: name for lang in LANGUAGES}, "he", name=True)


def noun_subject(noun, det="the", plural=False, adj=None):
    subject = Subject({lang: noun_phrase(lang, noun, det, plural, adj) for lang in LANGUAGES}, "they" if plural else "he")
    subject.genders = {lang: noun[lang][1] for lang in LANGUAGES}
    return subject


def gender_in(lang, subject): return getattr(subject, "genders", {}).get(lang, subject.gender)


# ---------------------------------------------------------------- clauses

def spell(lang, text):
    """Contractions and elisions of neighbouring words."""
    if lang == "es": text = re.sub(r"\b(a|de) el (?=\w)", lambda m: {"a": "al ", "de": "del "}[m[1]], text)
    elif lang == "pt":
        def join(m): return {"em": "n", "de": "d", "por": "pel", "a": "a"}[m[1]] + m[2] + " "
        text = re.sub(r"\b(em|de|por) (os|as|o|a) (?=\w)", join, text)
        text = re.sub(r"\b(em|de) (este|esta|estes|estas) ", lambda m: {"em": "n", "de": "d"}[m[1]] + m[2] + " ", text)
        text = re.sub(r"\ba o ", "ao ", re.sub(r"\ba a ", "à ", text))
    elif lang == "de":
        for a, b in (("in dem", "im"), ("an dem", "am"), ("zu dem", "zum"), ("zu der", "zur"), ("von dem", "vom")): text = re.sub(rf"\b{a} ", f"{b} ", text)
    elif lang == "fr":
        text = re.sub(rf"\b(le|la|de|je|ne|me|te|que|[Jj]e) (?=[{VOWELS}{VOWELS.upper()}h](?!uit))", lambda m: m[1][:-1] + "'", text)
        text = re.sub(r"\b(à|de) (le|les) ", lambda m: {"à le": "au ", "de le": "du ", "à les": "aux ", "de les": "des "}[m[1] + " " + m[2]], text)
        text = re.sub(r"\bde des\b", "de", text)
    return re.sub(" +", " ", text).strip()


def sentence(lang, text, mark="."):
    text = spell(lang, text)
    text = text[0].upper() + text[1:]
    if mark == "": return text
    if mark in "?!" and lang == "es": return {"?": "¿", "!": "¡"}[mark] + text + mark
    return text + (" " + mark if mark in "?!" and lang == "fr" else mark)


def clause(lang, subject, verb, obj=None, tense="present", wish=None, negative=False, question=False, time="", others="", place=""):
    """One clause, without a capital and without a mark. `obj`, `others`: what builds a phrase for a language."""
    i, p, person = LANGUAGES.index(lang), PERSONS.index(subject.person), subject.person
    said = subject.says(lang)
    when, around = (time[i] if time else ""), (others(lang) if others else "")
    there, base = (place(lang) if place else ""), verb[lang][0]
    what = obj(lang) if obj else ""
    prep = verb["prep"][lang]
    if what and prep: what = f"{prep} {what}"
    past = tense == "past"
    if lang == "en":
        tail = [what, around, there, when]
        if wish is not None:
            can, going, like = wish == 1, wish == 3, wish == 4
            if can: parts = ["can", said, base] if question else [said, "cannot" if negative else "can", base]
            elif going:
                be = {"I": "am", "he": "is"}.get(person, "are")
                parts = [be, said, "going to", base] if question else [said, be, "not" if negative else "", "going to", base]
            elif like: parts = ["would", said, "like to", base] if question else [said, "would", "not" if negative else "", "like to", base]
            else:
                do, word = "does" if person == "he" else "do", ["want to", None, "have to"][wish]
                if question: parts = [do, said, word, base]
                elif negative: parts = [said, do, "not", word, base]
                else: parts = [said, book.WISHES[wish]["en"][person == "he"], base]
        else:
            do = "did" if past else "does" if person == "he" else "do"
            if question: parts = [do, said, base]
            elif negative: parts = [said, do, "not", base]
            else: parts = [said, *finite("en", verb, person, past)]
        return " ".join(x for x in parts + tail if x)
    if lang == "de":
        no = "nicht" if negative else ""
        if wish is not None: head, end = book.WISHES[wish]["de"].split()[p], base
        elif past: head, end = HAVE["de"][p], verb["de"][1]
        else: head, end = finite("de", verb, person)[0], ""
        first = [head, said] if question else [said, head]
        return " ".join(x for x in first + [when, around, what, no, there, end] if x)
    tail = [what, around, there, when]
    if lang == "fr":
        ne, pas = ("ne", "pas") if negative else ("", "")
        if wish is not None: core = [ne, book.WISHES[wish]["fr"].split()[p], pas, base]
        elif past: core = [ne, HAVE["fr"][p], pas, verb["fr"][1]]
        else:
            head, *rest = finite("fr", verb, person)
            core = [ne, head, pas, *rest]
        lead = ["est-ce que"] if question else []
        text = " ".join(x for x in lead + [said] + core + tail if x)
        return re.sub(r"\best-ce que (?=[ieaéoAEIOU])", "est-ce qu'", text)
    no = {"es": "no", "pt": "não"}[lang] if negative else ""
    if wish is not None:
        word = book.WISHES[wish][lang].split()[p if lang == "es" else [0, 1, 1, 2, 3][p]].replace("_", " ")
        core = [word, base]
        if lang == "es" and wish == 4:  # me gustaría
            who = f"a {said}" if not subject.dropped else ""
            return " ".join(x for x in [who, no, word, base] + tail if x) if not question else " ".join(x for x in [who, word, base] + tail if x)
    else: core = [*finite(lang, verb, person, past)]
    if lang == "es":
        who = "" if subject.dropped else said
        if question: return " ".join(x for x in [core[0], who, *core[1:]] + tail if x)
        return " ".join(x for x in [who, no, *core] + tail if x)
    return " ".join(x for x in [said, no, *core] + tail if x)


BE = {"en": "am are is are are", "es": "soy eres es somos son", "pt": "sou é é somos são", "de": "bin bist ist sind sind", "fr": "suis es est sommes sont"}
STATE = {"es": "estoy estás está estamos están", "pt": "estou está está estamos estão"}


def being(lang, subject, adj, very=False, negative=False, question=False):
    """The house is (not) (very) big."""
    i, p = LANGUAGES.index(lang), PERSONS.index(subject.person)
    be = (STATE.get(lang) if adj["state"] and lang in STATE else BE[lang]).split()[p]
    shown = adjective(lang, adj, gender_in(lang, subject), subject.person in ("we", "they"))
    if very: shown = {"en": "very", "es": "muy", "pt": "muito", "de": "sehr", "fr": "très"}[lang] + " " + shown
    said = "" if lang == "es" and subject.dropped else subject.says(lang)
    no = {"en": "not", "es": "no", "pt": "não", "de": "nicht", "fr": "pas"}[lang] if negative else ""
    if lang in ("en", "de"): parts = [be, said, shown] if question else [said, be, no, shown]
    elif lang == "es": parts = [be, shown, said] if question else [said, no, be, shown]
    elif lang == "pt": parts = [said, no, be, shown]
    else:
        parts = [said, "ne" if negative else "", be, no, shown]
        if question: parts = ["est-ce que"] + parts
    text = " ".join(x for x in parts if x)
    return re.sub(r"\best-ce que (?=[iIeEaAéoOuU])", "est-ce qu'", text) if lang == "fr" else text
