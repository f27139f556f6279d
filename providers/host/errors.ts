import { Metadata, status } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { shortened } from "../../ground/shortened";
import { PartialFailure } from "./provider";
import type { Secrets } from "./secrets";
import { type Description, encode } from "./values";

/** The most bytes of detail that an error may carry: Node's HTTP/2 stalls on trailers of more than 64 KiB, base64 included. */
const trailerLimit = 45_000;

/** The longest message that leaves, in characters. */
const messageLimit = 4_000;

/** What a failed call answers over gRPC. */
export interface Fault {
  readonly code: status;
  readonly details: string;
  readonly metadata?: Metadata;
}

/** An error as it may leave: its message alone, without any secret of the call. */
export function toFault(error: unknown, secrets: Secrets): Fault {
  return { code: status.UNKNOWN, details: shortened(secrets.scrub(messageOf(error)), messageLimit) };
}

/**
 * The same for a create or an update. A {@link PartialFailure} carries what to remember: the engine saves the resource
 * with these outputs and fails the step.
 */
export function toOperationFault(error: unknown, secrets: Secrets, outputs: () => Description): Fault {
  if (!(error instanceof PartialFailure)) {
    return toFault(error, secrets);
  }
  const failed = new ErrorResourceInitFailed();
  failed.setId(error.id);
  // Before the texts: encoding learns the secrets among the outputs.
  failed.setProperties(encode(error.outputs, outputs(), secrets));
  failed.setReasonsList(error.reasons.map((reason) => secrets.scrub(reason)));
  const detail = new Any();
  detail.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const fault = toFault(error, secrets);
  const answer = new Status();
  answer.setCode(fault.code);
  answer.setMessage(fault.details);
  answer.addDetails(detail);
  const bytes = Buffer.from(answer.serializeBinary());
  if (bytes.length > trailerLimit) {
    return {
      ...fault,
      details: `${fault.details}\nWhat was left behind is too large to be remembered (${bytes.length} bytes); look for it by hand.`,
    };
  }
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", bytes);
  return { ...fault, metadata };
}

function messageOf(error: unknown): string {
  if (error instanceof Error) {
    return error.message === "" ? error.name : error.message;
  }
  return "Something that is no error was thrown.";
}
