/** Whether a source is to be found out. */
export function isAuto(sent: string | null | undefined): boolean {
  return sent === undefined || sent === null || ["", "auto"].includes(sent.trim().toLowerCase());
}

/** As DeepL writes it: upper case, and NB for Norwegian. */
export function deeplCodeOf(language: string): string {
  return language === "no" ? "NB" : language.toUpperCase();
}
