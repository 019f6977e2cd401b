#!/usr/bin/python3
"""Writes short news that never happened, each with its summary, and texts of words that do not exist, with theirs.

usage: make_news.py DATADIR [--articles N] [--seed S]

DATADIR/train.jsonl and held-out.jsonl: {"kind": ..., "text": ..., "summary": ...} a line. Names and numbers of the tests are other ones than those of
the training, but for the few that everybody has.
"""
import argparse, json, os, random, re, sys, zlib
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tiny-translate"))
import make_data as phrases  # tiny-translate's

R = random.Random(1)
one = R.choice

DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()
CITIES = "London Paris Berlin Madrid Lisbon Rome Vienna Munich Brussels Geneva Tokyo Athens Barcelona Hamburg Boston Chicago Seattle Porto Dublin Oslo".split()
COUNTRIES = "Germany France Spain Portugal Brazil Italy England Mexico Argentina Japan Canada Austria".split()
FIRST = "Anna Maria John Peter Paul Laura Lucas Sofia Tom Emma Mia Leo Julia David Sarah Daniel Carlos Ana Pedro Klaus Marie Miguel Elena Lisa Max Nina Oscar".split()


def made_up(parts=None):
    onset = "b br c ch d dr f fl g gr h j k kl l m n p pl qu r s sh st t th tr v w x y z".split()
    vowel = "a e i o u ai ea ee io ou y".split()
    coda = ["", "", "", "n", "r", "l", "s", "x", "th", "ck", "nd", "m"]
    return "".join(one(onset) + one(vowel) + one(coda) for _ in range(parts or one((1, 2, 2, 2, 3))))


def name(): return f"{one(FIRST)} {made_up().capitalize()}"
def family(): return made_up().capitalize()
def city(): return one(CITIES) if R.random() < 0.5 else made_up().capitalize()
def company(): return made_up().capitalize() + one(("", "", " Motors", " Bank", " Energy", " Foods", " Systems", " Airlines"))
def few(): return R.randint(2, 40)
def many(): return one((R.randint(100, 999), R.randint(2, 99) * 1000, R.randint(2, 900) * 100))
def percent(): return one((str(R.randint(2, 60)), f"{R.randint(1, 19)}.{R.randint(1, 9)}"))
def money(): return f"{one((R.randint(2, 90), R.randint(100, 900)))} {one(('million', 'million', 'billion'))} {one(('euros', 'dollars'))}"
def date(): return f"{one(MONTHS)} {R.randint(1, 28)}"
def when(): return one(("in the morning", "in the evening", "at night", "in the afternoon"))


def spaced(n): return f"{n:,}" if n >= 10000 and R.random() < 0.5 else str(n)


QUOTES = ["We are very happy with this result", "This is a great day for all of us", "We did not expect this", "It will take time", "We have to be patient", "Nobody should be surprised", "We will do everything we can", "It was the right decision",
          "There is still a lot of work to do", "We have waited for this for years", "It is too early to say more", "People are worried, and we understand that", "I have never seen anything like it", "We thank everybody who helped"]
ROLES = ["a spokesman", "a spokeswoman", "the mayor", "a resident", "a neighbor", "the director", "an expert", "the head of the project"]
COLOR = ["It was a cold day.", "Many people were surprised by the news.", "The news was discussed all over the country.", "For a long time little was known about it.", "The weather was fine.", "Only a few people had known of it before."]
FILL = ["More details were not known at first.", "A decision is expected in the coming weeks.", "The local newspaper reported on it first.", "Similar cases are known from other countries.", "The topic had been discussed for months.", "Work will go on in the coming days.",
        "It was not the first time.", "Not everybody agrees.", "A report will be published later this year.", "Pictures were shown on television.", "Experts had different opinions about it.", "The reasons are not fully known.", "Traffic was slow for several hours.", "Many residents watched from their windows.",
        "The authorities asked for patience.", "The costs are not yet known.", "A few hundred people took part in a discussion about it.", "Last year there had been hardly any such cases.", "Some shops stayed closed."]


def quote():
    said = one(ROLES) if R.random() < 0.5 else name()
    return f'"{one(QUOTES)}," {"said " + said if R.random() < 0.5 else said + " said"}.'


def article(leads, facts, summary):
    """The lead, the facts and some filling in a loose order."""
    rest = list(facts) + [quote() for _ in range(R.randint(0, 2))] + R.sample(FILL, R.randint(0, 4))
    R.shuffle(rest)
    before = [one(COLOR)] if R.random() < 0.15 else []
    return " ".join(before + [one(leads)] + rest), summary


def fire():
    place, town, n, d, cause = one(("school", "hotel", "factory", "restaurant", "warehouse", "house", "hospital", "supermarket")), city(), few(), one(DAYS), one(("a broken cable", "a cigarette", "an old heater", "a candle", "a battery"))
    hurt = f"{n} people were injured"
    return article([f"A fire broke out in a {place} in {town} on {d} {when()}, and {hurt}.", f"{hurt[0].upper() + hurt[1:]} in a fire in a {place} in {town} on {d}, the fire department said.", f"In {town} a {place} burned on {d} {when()}; {hurt}."],
                   [f"The fire was caused by {cause}, according to the police.", f"About {few() + 20} firefighters were at the scene.", f"The damage is estimated at {money()}."], f"A fire in a {place} in {town} injured {n} people. It was caused by {cause}.")


def vote():
    town, yes, no, d = city(), R.randint(7, 40), R.randint(1, 6), one(DAYS)
    plan = one((f"build a new {one(('school', 'bridge', 'library', 'swimming pool', 'tram line', 'hospital', 'stadium'))}", f"close the {one(('old market', 'airport', 'city center to cars', 'zoo', 'main street to cars'))}", f"make {one(('buses free', 'parking more expensive', 'the museum free', 'school lunches free'))}", f"plant {many()} trees"))
    return article([f"The city council of {town} decided on {d} to {plan}.", f"{town} will {plan}, the city council decided on {d} after a long debate.", f"After a debate of {R.randint(2, 9)} hours the city council of {town} voted on {d} to {plan}."],
                   [f"{yes} members voted for the plan and {no} against it.", f"The opposition called the plan too expensive.", f"The city expects costs of {money()}."], f"{town} will {plan}. The city council voted {yes} to {no} for it.")


def results():
    firm, p, m, up, d = company(), percent(), money(), R.random() < 0.6, one(DAYS)
    jobs = R.randint(2, 90) * 100
    verb, noun = ("rose", "increase") if up else ("fell", "decline")
    after = f"{firm} wants to {'hire' if up else 'cut'} {jobs} {'people' if up else 'jobs'}"
    return article([f"The profit of {firm} {verb} by {p} percent to {m} last year, the company said on {d}.", f"{firm} reported a profit of {m} on {d}, {'an' if noun[0] == 'i' else 'a'} {noun} of {p} percent.", f"{firm} said on {d} that its profit {verb} {p} percent last year, to {m}."],
                   [f"{after} this year.", f"Shares of the company {'rose' if up else 'fell'} by {percent()} percent.", f"Sales were {money()}."], f"{firm}'s profit {verb} by {p} percent to {m}. The company wants to {'hire' if up else 'cut'} {jobs} {'people' if up else 'jobs'}.")


def match():
    a, b, x, d, town, who = f"{one(('FC', 'United', 'Real', 'SC'))} {family()}" if R.random() < 0.5 else city(), city(), R.randint(2, 7), one(DAYS), city(), name()
    y, goals = R.randint(0, x - 1), one(("two", "three", "four"))
    return article([f"{a} beat {b} {x}-{y} in {town} on {d}.", f"On {d} {a} won {x}-{y} against {b} in front of {spaced(many())} spectators in {town}.", f"{a} won the match against {b} on {d} with {x}-{y}."],
                   [f"{who} scored {goals} goals.", f"{b} had lost its last {R.randint(2, 6)} matches.", f"It was the {R.randint(3, 20)}th win of the season for {a}.", f"{name()} was injured in minute {R.randint(5, 89)}."], f"{a} beat {b} {x}-{y}. {who} scored {goals} goals.")


def storm():
    kind, town, n, d, wind = one(("storm", "snowstorm", "flood", "heavy thunderstorm")), city(), many(), one(DAYS), R.randint(90, 190)
    what = one((f"left {spaced(n)} homes without power", f"damaged {spaced(n)} houses", f"forced {spaced(n)} people to leave their homes"))
    return article([f"A {kind} {what} in {town} on {d} {when()}.", f"In {town} and the surrounding area a {kind} {what} on {d}.", f"A {kind} hit {town} on {d} {when()} and {what}, the authorities said."],
                   [f"Schools will stay closed until {one(DAYS)}.", f"Wind speeds of {wind} kilometers per hour were measured.", f"Trains did not run for {R.randint(3, 30)} hours.", "No one was hurt."], f"A {kind} {what} in {town}.")


def opening():
    thing, town, day, m, years = one(("bridge", "museum", "metro line", "library", "airport", "concert hall", "hospital", "shopping center")), city(), date(), money(), R.randint(2, 15)
    return article([f"After {years} years of construction the new {thing} in {town} will open on {day}.", f"The new {thing} of {town} opens on {day}, the city announced on {one(DAYS)}.", f"{town} is getting a new {thing}: it opens on {day}."],
                   [f"The {thing} cost {m}, more than planned.", f"The city expects {spaced(many())} visitors a year.", f"The architect is {name()}."], f"A new {thing} opens in {town} on {day}. It cost {m}.")


def study():
    town, n = city(), many()
    who = one(("people who sleep well", "children who read a lot", "people who walk every day", "students who eat breakfast", "workers who take breaks", "people who have a dog", "people who drink a lot of coffee", "drivers who listen to music"))
    what = one(("live longer", "learn faster", "are happier", "make fewer mistakes", "are less often sick", "remember more", "have more friends", "feel less stress"))
    return article([f"{who[0].upper() + who[1:]} {what}, according to a study by the University of {town}.", f"Researchers at the University of {town} have found that {who} {what}.", f"A new study from {town} shows that {who} {what}."],
                   [f"The researchers asked {spaced(n)} people over {R.randint(2, 20)} years.", f"The results were published in the journal {family()}.", f"{name()}, who led the study, warned that more research is needed."], f"{who[0].upper() + who[1:]} {what}, a study by the University of {town} found.")


def arrest():
    town, age, who, d = city(), R.randint(18, 79), one(("man", "woman")), one(DAYS)
    loot = one((f"{few()} bicycles", f"a painting worth {money()}", f"{few()} computers", "a bus", f"{few()} bottles of wine", "a police car", f"jewelry worth {money()}", f"{many()} phones"))
    return article([f"Police in {town} have arrested a {age}-year-old {who} who is said to have stolen {loot}.", f"A {age}-year-old {who} was arrested in {town} on {d} on suspicion of stealing {loot}.", f"On {d} the police of {town} arrested a {who}, {age}, suspected of having stolen {loot}."],
                   [f"Neighbors had called the police at {R.randint(1, 12)} o'clock.", f"{'He' if who == 'man' else 'She'} denies everything, {'his' if who == 'man' else 'her'} lawyer said.", f"The trial begins in {one(MONTHS)}."], f"Police in {town} arrested a {age}-year-old {who} suspected of stealing {loot}.")


def post():
    new, old, role, org = name(), name(), one(("director", "president", "head", "chief executive", "coach")), one((company(), f"the University of {city()}", f"the museum of {city()}", f"FC {family()}"))
    d, day = one(DAYS), date()
    return article([f"{new} will be the new {role} of {org}, it was announced on {d}.", f"{org[0].upper() + org[1:]} has a new {role}: {new}.", f"On {d} {new} was named {role} of {org}."],
                   [f"{new.split()[0]} {new.split()[1]} replaces {old}, who is leaving after {R.randint(2, 20)} years.", f"The change takes effect on {day}.", f"Before that {new.split()[1]} worked for {company()}."], f"{new} replaces {old} as {role} of {org}.")


def strike():
    firm, n, d, want = company(), many(), one(DAYS), one(("higher wages", "shorter working hours", "more staff", "safer workplaces", "better contracts"))
    p = percent()
    return article([f"{spaced(n)} workers of {firm} went on strike on {d} for {want}.", f"At {firm} {spaced(n)} people stopped work on {d}; they demand {want}.", f"Workers of {firm} have been on strike since {d}. They want {want}."],
                   [f"The company has offered {p} percent more pay.", f"The strike will last until {one(DAYS)}, the union said.", f"{spaced(many())} customers are affected."], f"Workers of {firm} are on strike for {want}. The company has offered {p} percent more pay.")


def product():
    firm, thing, kind, price, day = company(), made_up().capitalize() + one(("", " " + str(R.randint(2, 99)), " One")), one(("phone", "car", "watch", "camera", "robot", "bicycle", "computer", "game")), many(), date()
    feature = one(("runs a week without charging", "can be folded", "speaks ten languages", "repairs itself", "costs half as much as others", "weighs almost nothing", "is made of wood", "needs no internet"))
    return article([f"{firm} has presented the {thing}, a {kind} that {feature}.", f"The {thing}, a {kind} that {feature}, was shown by {firm} on {one(DAYS)}.", f"On {one(DAYS)} {firm} showed a new {kind}: the {thing}, which {feature}."],
                   [f"It will cost {price} euros.", f"It will be in stores from {day}.", f"The company has worked on it for {R.randint(2, 9)} years."], f"{firm} presented the {thing}, a {kind} that {feature}. It will cost {price} euros.")


def rescue():
    animal, place, town, hours = one(("cat", "dog", "horse", "cow", "owl", "parrot", "snake", "deer")), one(("a tree", "a well", "a river", "a chimney", "a burning house", "a frozen lake", "a pipe")), city(), R.randint(2, 12)
    return article([f"Firefighters in {town} rescued a {animal} from {place} on {one(DAYS)}.", f"A {animal} was rescued from {place} in {town} on {one(DAYS)} {when()}.", f"In {town} firefighters needed {hours} hours to free a {animal} from {place}."],
                   [f"The rescue took {hours} hours.", f"The {animal}, named {family()}, is well.", f"A child had heard the {animal} and called for help."], f"Firefighters in {town} rescued a {animal} from {place}. It took {hours} hours.")


def festival():
    what, town, n = one(("film festival", "book fair", "street festival", "music festival", "marathon", "Christmas market", "flower show")), city(), many()
    more = R.random() < 0.5
    return article([f"The {what} in {town} ended on {one(DAYS)} with {spaced(n)} visitors.", f"{spaced(n)} people came to the {what} in {town}, the organizers said.", f"With {spaced(n)} visitors the {what} of {town} came to an end on {one(DAYS)}."],
                   [f"That was {'more' if more else 'fewer'} than last year.", f"The first prize went to {name()}.", f"Next year it will take place from {date()}."], f"{spaced(n)} people came to the {what} in {town}, {'more' if more else 'fewer'} than last year.")


def price():
    what, land, p, day = one(("bread", "electricity", "train tickets", "milk", "gas", "water", "coffee", "rent")), one(COUNTRIES), percent(), date()
    why = one(("a bad harvest", "a new tax", "higher wages", "a lack of workers", "the cold winter", "higher costs of transport"))
    many_ = what == "train tickets"
    return article([f"From {day} {what} will cost {p} percent more in {land}.", f"In {land} {what} {'are' if many_ else 'is'} getting more expensive: prices rise by {p} percent on {day}.", f"Prices for {what} in {land} will rise by {p} percent from {day}."],
                   [f"The reason is {why}.", f"Last year prices had risen by {percent()} percent.", f"Consumer groups criticized the increase."], f"{what[0].upper() + what[1:]} will cost {p} percent more in {land} from {day}. The reason is {why}.")


def election():
    who, other, town, p = name(), name(), city(), percent()
    return article([f"{who} has been elected mayor of {town}.", f"{who} won the election in {town} on Sunday with {p} percent of the votes.", f"The new mayor of {town} is {who}."],
                   [f"{who.split()[1]} got {p} percent of the votes, ahead of {other}.", f"{R.randint(40, 85)} percent of the voters took part.", f"{who.split()[1]} promised {one(('more apartments', 'lower taxes', 'better schools', 'more parks', 'safer streets'))}."], f"{who} was elected mayor of {town} with {p} percent of the votes.")


def journey():
    who, age, a, b, days = name(), R.randint(9, 92), city(), city(), R.randint(5, 300)
    how = one((("cycled", "by bicycle"), ("walked", "on foot"), ("rowed", "in a boat"), ("ridden", "on a horse")))
    return article([f"{who}, {age}, has {how[0]} from {a} to {b}.", f"{age}-year-old {who} has arrived in {b} after a journey of {days} days {how[1]}.", f"After {days} days {who} arrived in {b}. The {age}-year-old had left {a} {how[1]}."],
                   [f"The journey from {a} to {b} {how[1]} took {days} days.", f"{who.split()[0]} is {age} years old.", f"{spaced(many())} euros were collected for {one(('a hospital', 'a school', 'children', 'animals'))}."], f"{who}, {age}, traveled {how[1]} from {a} to {b} in {days} days.")


NEWS = [fire, vote, results, match, storm, opening, study, arrest, post, strike, product, rescue, festival, price, election, journey]

# ---------------------------------------------------------------- texts of words that do not exist

ENDINGS = {"noun": ["", "", "er", "tion", "ness", "ment", "ity"], "verb": ["s", "ed", "ed"], "adjective": ["", "al", "ous", "ive", "ful"], "adverb": ["ly"]}


def word(kind):
    if R.random() < 0.45: return one(WORDS[kind])
    return made_up(one((1, 1, 2))) + one(ENDINGS[kind])


WORDS = {"noun": "time year people way day man thing woman life child world school state family student group country problem hand part place case week company system program question work government number night point home water room mother area money story fact month lot right study book eye job word business issue side kind head house service friend father power hour game line end member law car city community name president team minute idea body information back parent face level office door health person art war history party result change morning reason research girl guy moment air teacher force education".split(),
         "verb": "shows needs makes takes helps changed moved followed started brought held kept reached opened closed found lost built used called met joined left won tested covered".split(),
         "adjective": "new old large small good great different long important public early young able local late hard major better economic strong possible whole free military true federal international full special easy clear recent certain personal open red difficult available likely short single medical current wrong private past foreign fine common poor natural significant similar hot dead central happy serious ready simple left physical general environmental financial blue democratic dark various entire close legal religious cold final main green nice huge popular traditional cultural".split(),
         "adverb": "quickly slowly really clearly finally recently quietly suddenly nearly probably easily".split()}


def noun_phrase(depth=0):
    x = R.random()
    if x < 0.18: return " ".join(made_up().capitalize() for _ in range(one((1, 1, 2))))
    if x < 0.24: return f"{one((few(), many()))} {word('noun')}s"
    phrase = f"{one(('the', 'the', 'a', 'its', 'this', 'their', 'our', 'some', 'many'))} {word('adjective') + ' ' if R.random() < 0.45 else ''}{word('noun')}"
    if depth == 0 and R.random() < 0.3: phrase += f" {one(('of', 'in', 'for', 'from', 'between', 'with'))} {noun_phrase(1)}"
    return phrase


def core():
    """A clause that a summary keeps."""
    subject, verb = noun_phrase(), one((word("verb"), word("verb"), "is", "was", "has", "can " + made_up(1), "will " + made_up(1), "did not " + made_up(1)))
    text = f"{subject} {verb} {word('adjective') if verb in ('is', 'was') and R.random() < 0.5 else noun_phrase()}"
    if R.random() < 0.5: text += f" {one(('in', 'on', 'for', 'at', 'by', 'with', 'after', 'before', 'against', 'through'))} {noun_phrase()}"
    if R.random() < 0.25: text += f" {one(('and', 'but', 'because', 'so that', 'while', 'when'))} {noun_phrase(1)} {word('verb')} {noun_phrase(1)}"
    return text


def aside():
    """What a summary leaves out: (words put in, where they go)."""
    kind = one(("before", "before", "which", "brackets", "after", "after"))
    if kind == "before": return f"{one(('However', 'In addition', 'For example', 'As a result', 'Of course', 'On ' + one(DAYS), 'In ' + str(R.randint(1950, 2030)), 'According to ' + noun_phrase(1), 'In fact', 'At the same time', word('adverb').capitalize()))}, ", "before"
    if kind == "brackets": return f" ({one((str(few()), made_up().upper()[:4], noun_phrase(1), 'see page ' + str(few())))})", "end"
    if kind == "which": return f", which {word('verb')} {noun_phrase(1)}", "end"
    return f", {one(('said', 'according to', 'wrote', 'reported'))} {noun_phrase(1)}", "end"


def strange_sentence(asides):
    kept = core()
    full = kept
    for _ in range(asides):
        text, where = aside()
        full = text + full[0].lower() + full[1:] if where == "before" and not full[0].isupper() else text + full if where == "before" else full + text
        if where == "end": break
    cap = lambda t: t[0].upper() + t[1:]
    return cap(full) + ".", cap(kept) + "."


def strange():
    first, kept = strange_sentence(one((0, 0, 1, 1, 2)))
    rest = [strange_sentence(one((0, 0, 1)))[0] for _ in range(R.randint(1, 6))]
    return " ".join([first] + rest), kept


def everyday():
    """Sentences of tiny-translate's phrase book: the first one says what it is about."""
    some = []
    while len(some) < R.randint(3, 8):
        kind, made = phrases.meaning()
        if kind in ("doing", "state", "having", "identity", "joined", "taking", "dating"): some.append(re.sub(r"!$", ".", made["en"][0]))
    return " ".join(some), some[0]


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("data"); p.add_argument("--articles", type=int, default=120000); p.add_argument("--seed", type=int, default=1); p.add_argument("--tests", type=int, default=400)
    a = p.parse_args()
    os.makedirs(a.data, exist_ok=True)
    R.seed(a.seed); phrases.R.seed(a.seed)
    tests = 0
    with open(a.data + "/train.jsonl", "w") as train, open(a.data + "/held-out.jsonl", "w") as test:
        for _ in range(a.articles):
            x = R.random()
            make = one(NEWS) if x < 0.55 else strange if x < 0.92 else everyday
            text, summary = make()
            held = zlib.crc32(summary.encode()) % 100 == 0
            if held and tests >= a.tests: continue
            tests += held
            (test if held else train).write(json.dumps({"kind": make.__name__, "text": text, "summary": summary}) + "\n")
    print(f"{a.articles} texts, {tests} of them held out for tests")


if __name__ == "__main__": main()
