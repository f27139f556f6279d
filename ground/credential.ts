/** What a credential looks like that somebody put where none belongs, by the kinds that an account or a run has to do with. */
const kinds: readonly RegExp[] = [
  // GitLab's, whole or in part: personal, group and project access tokens, and those of jobs, runners, triggers, deploys, agents.
  /gl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|wt|soat|ffct|oas)-[\w.-]{8,}/,
  /GR1348941[\w-]{12,}/,
  // Of a 1Password service account, and the secret key of a 1Password account.
  /ops_[\w-]{12,}/,
  /\bA3(?:-[A-Z0-9]{5,6}){4,}/,
  // Signed, such as Connect's.
  /eyJ[\w-]{8,}(?:\.[\w-]+)+/,
  // Of others that are at hand where such files are written.
  /(?:ghp|gho|ghu|ghs|ghr)_\w{20,}|github_pat_\w{20,}|xox[abpr]-[\w-]{10,}|\bAKIA[A-Z0-9]{16}\b|\bpul-[0-9a-f]{40}\b/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  // The password in an address.
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:[^\s/:@]+@/i,
  // "glpat-" and "ops_" in base64, where they begin there.
  /(?:Z2xwYXQt|b3BzX)[\w+/=-]{8,}/,
];

/** Whether a text holds what looks like a credential. */
export function holdsCredential(text: string): boolean {
  return kinds.some((kind) => kind.test(text));
}

/** A text, with what looks like a credential blotted out. */
export function withoutCredentials(text: string, blot = "[what looks like a credential]"): string {
  return kinds.reduce((clean, kind) => clean.replace(new RegExp(kind, `g${kind.flags}`), blot), text);
}
