"""What tiny-listen hears: sentences of a few hundred everyday words, made at random from patterns."""
import random

ONES = "zero one two three four five six seven eight nine".split()
TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
LETTERS = [c for c in "BDEFGHJKLMNPQSVWXZ"]  # the others sound like words
COLOURS = "red green blue yellow black white brown orange grey pink".split()
ADJECTIVES = "big small old new good bad hot cold fast slow happy sad open clean dark young".split()
PEOPLE = "man woman boy girl child teacher doctor friend mother father brother sister".split()
ANIMALS = "dog cat horse bird fish cow mouse".split()
THINGS = "house car door window table chair book letter bag box cup phone radio lamp clock picture key shirt hat ball train boat".split()
FOOD = "apple bread water coffee milk cheese rice soup cake egg potato sugar salt".split()
PLACES = "kitchen garden school city street market station office hotel river park shop village hospital church room".split()
DEVICES = "light heating fan television computer music alarm camera".split()
DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
MONTHS = "january february march april may june july august september october november december".split()
SIGHTS = "sees likes wants finds needs opens carries paints buys brings".split()
WHERE = "in behind under near before".split()
WEATHER = "sunny cloudy warm windy raining snowing".split()
ADVERBS = "today tomorrow now again often never always together early late".split()
VERBS = "eat drink sleep walk run swim sing dance read write play work travel wait listen speak learn cook".split()
NAMES = "mary peter anna david laura robert".split()
LITTLE = "quick fox jumps over lazy there nice meet see name know live very much tell me day night close weather his her our very with what who when why because".split()
PHRASES = [
    "hello there", "hello world", "this is a test", "testing one two three", "the quick brown fox jumps over the lazy dog", "thank you very much", "good night",
    "nice to meet you", "see you tomorrow", "what is your name", "how are you", "how are you today", "I am well thank you", "I do not know", "where do you live",
    "what day is it today", "tell me the time", "what time is it", "good morning my friend", "good evening everyone", "good afternoon", "yes please", "no thank you",
    "open the door please", "close the window please", "the weather is nice today", "what is the weather today", "I live in a small house", "welcome to our house",
    "who is there", "why not", "because I like it", "when do we meet", "hello how are you", "I love you", "come with me", "let us go", "happy birthday", "excuse me", "goodbye",
]


def number(r):
    n = r.random()
    if n < 0.4: return r.choice(ONES)
    if n < 0.6: return r.choice(TEENS)
    if n < 0.7: return r.choice(ONES[1:]) + " hundred"
    return r.choice(TENS) + (" " + r.choice(ONES[1:]) if r.random() < 0.6 else "")


def noun(r):
    kind = r.choice([PEOPLE, ANIMALS, THINGS, THINGS])
    describe = r.choice(COLOURS + ADJECTIVES) + " " if r.random() < 0.5 else ""
    return f"{r.choice(['the', 'the', 'my', 'your', 'a' if not describe.startswith(('o', 'a')) else 'the'])} {describe}{r.choice(kind)}"


def place(r): return f"{r.choice(WHERE)} the {r.choice(PLACES)}"
def person(r): return r.choice(NAMES) if r.random() < 0.5 else "the " + r.choice(PEOPLE)


PATTERNS = [
    lambda r: f"{noun(r)} is {place(r)}",
    lambda r: f"{noun(r)} is {r.choice(COLOURS + ADJECTIVES)}",
    lambda r: f"{person(r)} {r.choice(SIGHTS)} {noun(r)}",
    lambda r: f"{person(r)} {r.choice(SIGHTS)} {number(r)} {r.choice(COLOURS)} {r.choice(THINGS)}s".replace("boxs", "boxes"),
    lambda r: f"please turn {r.choice(['on', 'off'])} the {r.choice(DEVICES)} {place(r)}",
    lambda r: f"turn {r.choice(['on', 'off'])} the {r.choice(DEVICES)}",
    lambda r: f"where is {noun(r)}",
    lambda r: f"what is the time in the {r.choice(PLACES)}",
    lambda r: f"the number is {' '.join(r.choice(ONES) for _ in range(r.randint(3, 7)))}",
    lambda r: " ".join(r.choice(ONES) for _ in range(r.randint(2, 6))),
    lambda r: f"it is {number(r)} past {r.choice(TEENS[:3] + ONES[1:])}",
    lambda r: f"we meet on {r.choice(DAYS)} the {r.choice(['first', 'second', 'third', 'fifth', 'last'])} of {r.choice(MONTHS)}",
    lambda r: f"it is {r.choice(WEATHER)} {r.choice(ADVERBS)} {place(r)}",
    lambda r: f"{r.choice(['I', 'we', 'they'])} {r.choice(['want', 'like', 'have'])} to {r.choice(VERBS)} {r.choice(ADVERBS)}",
    lambda r: f"{person(r)} and {person(r)} {r.choice(VERBS)} {place(r)}",
    lambda r: f"the letters are {' '.join(r.choice(LETTERS) for _ in range(r.randint(2, 5)))}",
    lambda r: f"how many {r.choice(ANIMALS[:4] + THINGS)}s are {place(r)}".replace("boxs", "boxes"),
    lambda r: f"I have {number(r)} {r.choice(ANIMALS[:4])}s and some {r.choice(FOOD)}",
    lambda r: f"can you bring some {r.choice(FOOD)} and {r.choice(FOOD)} to {noun(r)}",
    lambda r: f"hello {person(r)} how are you {r.choice(ADVERBS[:3])}",
    lambda r: f"{r.choice(['yes', 'no', 'thank you', 'good morning', 'good evening', 'hello world', 'this is a test'])}",
    lambda r: r.choice(PHRASES),
    lambda r: r.choice(PHRASES),
    lambda r: f"my name is {r.choice(NAMES)}",
    lambda r: f"{number(r)} {r.choice(COLOURS + ADJECTIVES)} {r.choice(ANIMALS[:4] + THINGS)}s".replace("boxs", "boxes"),
    lambda r: f"{r.choice(['tell me', 'I know', 'who knows'])} {r.choice(['where', 'when', 'why'])} {person(r)} is {r.choice(ADVERBS)} {place(r)}",
    lambda r: f"{r.choice(['open', 'close'])} the {r.choice(['door', 'window', 'box', 'book', 'bag'])} {r.choice(['now', 'please', 'again', 'with ' + r.choice(NAMES)])}",
    lambda r: f"{r.choice(['set', 'stop', 'start', 'remember'])} the {r.choice(['alarm', 'music', 'clock', 'radio'])} for {number(r)} {r.choice(['minutes', 'hours', 'days'])}",
    lambda r: f"do not {r.choice(VERBS)} {place(r)} {r.choice(ADVERBS)}",
]


def loose(r):
    """Words in no order, so that what is heard counts more than what is usual."""
    return " ".join(r.choice(r.choice(ALL_LISTS)) for _ in range(r.randint(3, 7)))


ALL_LISTS = [ONES, TEENS, TENS, COLOURS, ADJECTIVES, PEOPLE, ANIMALS, THINGS, FOOD, PLACES, DEVICES, DAYS, MONTHS, SIGHTS, WEATHER, ADVERBS, VERBS, NAMES, LITTLE]


def sentence(r):
    return loose(r) if r.random() < 0.3 else r.choice(PATTERNS)(r)


def vocabulary():
    r = random.Random(0)
    return sorted({word for _ in range(60_000) for word in sentence(r).split()})


if __name__ == "__main__":
    words = vocabulary()
    print(len(words), *words)
    r = random.Random(1)
    for _ in range(12): print(sentence(r))
