import { type Column, csvOf } from "../../reports/csv";
import type { FoundRecord } from "./records";

const columns: Readonly<Record<string, Column<FoundRecord>>> = {
  at: ({ at }) => at,
  event: ({ event }) => event,
  fleet: ({ fleet }) => fleet,
  account: ({ account }) => account,
  username: ({ username }) => username,
  generation: ({ generation }) => generation,
  tokenId: ({ tokenId }) => tokenId,
  expiresAt: ({ expiresAt }) => expiresAt,
  may: ({ may = [] }) => may.join("; "),
  provedAt: ({ provedAt }) => provedAt,
  places: ({ places }) => places.join("; "),
  proofs: ({ proofs }) => proofs.map(({ status, url }) => `${status} ${url}`).join("; "),
  told: ({ told }) => told.join(" "),
  predecessors: ({ predecessors }) =>
    predecessors.map(({ generation, tokenId, status }) => `${generation} (${tokenId ?? "none"}): ${status}`).join("; "),
  user: ({ run }) => run.user,
  commit: ({ run }) => run.commit,
  author: ({ run }) => run.author,
  mergeRequest: ({ run }) => run.mergeRequest,
  pipeline: ({ run }) => run.pipeline,
  job: ({ run }) => run.job,
  comment: ({ comment }) => comment,
  writtenAt: ({ writtenAt }) => writtenAt,
  edited: ({ edited }) => edited,
};

/** The records as CSV. */
export function csv(records: readonly FoundRecord[]): string {
  return csvOf(columns, records);
}
