/** Characters that are read at a time, at most: between two such pieces a caller can leave. */
const most = 300;

/** A text in pieces that end with a sentence, or at least with a word, in the letters that an English voice knows. */
export function piecesOf(text: string): string[] {
  const plain = text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u2013\u2014\u2026]/g, ", ")
    .replace(/[^\u0020-\u007e]+/g, " ");
  const sentences = plain.split(/(?<=[.!?])(?=\s)/);
  const pieces: string[] = [];
  for (const sentence of sentences.flatMap(cut)) {
    const last = pieces.at(-1);
    if (last !== undefined && last.length + sentence.length < most && !/[.!?]\s*$/.test(last)) pieces[pieces.length - 1] = last + sentence;
    else pieces.push(sentence);
  }
  return pieces.map((piece) => piece.trim()).filter((piece) => /[A-Za-z0-9]/.test(piece));
}

function cut(sentence: string): string[] {
  const parts: string[] = [];
  let rest = sentence;
  while (rest.length > most) {
    const space = rest.lastIndexOf(" ", most);
    const at = space > 0 ? space : most;
    parts.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  return [...parts, rest];
}
