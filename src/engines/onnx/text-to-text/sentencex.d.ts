declare module "sentencex" {
  /** Sentences with the white space after them. */
  export function segment(language: string, text: string): string[];
}
