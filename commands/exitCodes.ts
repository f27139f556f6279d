/** How commands end. A code means one thing, whichever command it is of. */
export const exitCodes = {
  fine: 0,
  failed: 1,
  usage: 2,
  settings: 3,
  policy: 4,
  refused: 5,
  due: 6,
  risk: 7,
  gap: 8,
  missing: 9,
  alive: 10,
  unfinished: 11,
  busy: 12,
  unknown: 13,
} as const;

/** The name of a code. */
export type Exit = keyof typeof exitCodes;

/** What each code means. */
export const exitMeanings: Readonly<Record<Exit, string>> = {
  fine: "done, and nothing to object to",
  failed: "something went wrong; of a run: an account failed, or would",
  usage: "the command line is wrong",
  settings: "settings that cannot be used, or something that could not be looked at",
  policy: "a policy is violated",
  refused: "an edit that may not be made: it would take living tokens out of the calendar, or cannot be what it seems",
  due: "something is late, failed in the last run, or dies within its notice with nothing to replace it, or a place holds another token than the one in use, or shows it to all",
  risk: "a consumer is at risk: its token is dead, or dies within 3 days",
  gap: "at some time an account has no token that lives, as its dates are declared",
  missing: "something is missing for the declared accounts, or a credential is refused",
  alive: "a token that leaked lives on",
  unfinished: "the token that leaked is dead, and something is left: a red pipeline, or no merge request",
  busy: "somebody else was at work: another run holds the stack, or the file was changed meanwhile; nothing was done",
  unknown: "no declaration explains the token; nothing was done",
};
