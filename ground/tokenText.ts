/** The token among what a place shows. */
export interface TokenText {
  readonly token: string;
  /** There are blanks or line breaks around it, which are none of it: as it is shown, the value may be refused. */
  readonly isPadded: boolean;
}

/** What no token can be is not sent. */
const ONE_WORD = /^[\x21-\x7e]+$/;

/** The token in what a place shows; undefined where none can be. */
export function tokenText(shown: string): TokenText | undefined {
  const token = shown.trim();
  return ONE_WORD.test(token) ? { token, isPadded: token !== shown } : undefined;
}
