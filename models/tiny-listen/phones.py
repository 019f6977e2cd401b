"""The phones of each word, as flite says them."""
import subprocess
from words import vocabulary


def phones_of_words():
    said = {}
    for word in vocabulary():
        out = subprocess.run(["flite", "-voice", "kal16", "-ps", "-t", word, "none"], check=True, capture_output=True, text=True).stdout
        said[word] = [phone for phone in out.split() if phone != "pau"]
    return said
