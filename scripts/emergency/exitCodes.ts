/** How an emergency ends. */
export const exitCodes = {
  /** The token is dead, its successor is in place, and the merge request is there. */
  fine: 0,
  /** Something else went wrong. */
  failed: 1,
  /** The command line cannot be understood. */
  usage: 2,
  /** The token lives on. */
  alive: 4,
  /** The token is dead, but something is left to do: a red pipeline, or no merge request. */
  unfinished: 5,
  /** Another run held the stack for all of the time; the token lives on. */
  locked: 6,
  /** No declaration explains the token; nothing was done. */
  unknown: 7,
} as const;
