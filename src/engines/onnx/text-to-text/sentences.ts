/** Cuts a line into its sentences. Joined, they are the line. */
export type SentenceCutter = (line: string, language: string) => readonly string[];

let cutter: Promise<SentenceCutter> | undefined;

/** sentencex knows the abbreviations of many languages; where it has no build for the machine, Unicode's rules do. */
export function loadSentenceCutter(): Promise<SentenceCutter> {
  cutter ??= import("sentencex").then(
    ({ segment }) => inPieces((line, language) => segment(language, line)),
    () => inPieces(byUnicode),
  );
  return cutter;
}

export function byUnicode(line: string, language: string): string[] {
  return Array.from(new Intl.Segmenter(language, { granularity: "sentence" }).segment(line), ({ segment }) => segment);
}

/** Characters that are cut at a time: the library's time grows faster than a text does. */
const pieceLength = 2048;

export function inPieces(cut: SentenceCutter): SentenceCutter {
  return (line, language) => {
    const sentences: string[] = [];
    for (let at = 0; at < line.length;) {
      const piece = line.slice(at, at + pieceLength).replace(at + pieceLength < line.length ? /[\uD800-\uDBFF]$/ : "", "");
      const found = cut(piece, language).filter((sentence) => sentence !== "");
      if (found.join("") !== piece) found.splice(0, found.length, piece);
      if (at + piece.length < line.length && found.length > 1) found.pop(); // it may go on after the piece
      for (const sentence of found) {
        const before = sentences.at(-1);
        if (before !== undefined && goesOn(before, language)) sentences[sentences.length - 1] = before + sentence;
        else sentences.push(sentence);
        at += sentence.length;
      }
    }
    return sentences;
  };
}

/** Where the third of May is "3. Mai". */
const ordinalWithDot: ReadonlySet<string> = new Set("bs cs da de et fi hr hu lb lv no pl sk sl sr tr".split(" "));

function goesOn(sentence: string, language: string): boolean {
  return ordinalWithDot.has(language) && /(?:^|[^\d.])\d{1,2}\.\s{1,4}$/.test(sentence.slice(-8));
}
