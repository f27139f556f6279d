// The package `runbook` as the program uses it: what each resource and function is, and each of its properties, its
// declaration in contract/ says, which cannot be made without the words.
import * as contract from "../contract/runbook";
import { callOf, classOf, type ResourceOf } from "./declared";

export const Account = classOf(contract.account);
export type Account = ResourceOf<typeof contract.account>;

export const Group = classOf(contract.group);
export type Group = ResourceOf<typeof contract.group>;

export const Notice = classOf(contract.notice);
export type Notice = ResourceOf<typeof contract.notice>;

export const OpenBaoSecret = classOf(contract.openBaoSecret);
export type OpenBaoSecret = ResourceOf<typeof contract.openBaoSecret>;

export const PersonalAccessToken = classOf(contract.personalAccessToken);
export type PersonalAccessToken = ResourceOf<typeof contract.personalAccessToken>;

export const PipelineProof = classOf(contract.pipelineProof);
export type PipelineProof = ResourceOf<typeof contract.pipelineProof>;

export const Placement = classOf(contract.placement);
export type Placement = ResourceOf<typeof contract.placement>;

export const Retirement = classOf(contract.retirement);
export type Retirement = ResourceOf<typeof contract.retirement>;

export const SelfRotatingToken = classOf(contract.selfRotatingToken);
export type SelfRotatingToken = ResourceOf<typeof contract.selfRotatingToken>;

export const TokenProof = classOf(contract.tokenProof);
export type TokenProof = ResourceOf<typeof contract.tokenProof>;

export const TrackingIssue = classOf(contract.trackingIssue);
export type TrackingIssue = ResourceOf<typeof contract.trackingIssue>;

export const declareAccounts = callOf(contract.declareAccounts);
export const getCredential = callOf(contract.getCredential);
export const getDeeds = callOf(contract.getDeeds);
export const getFailures = callOf(contract.getFailures);
export const getLegacyEnds = callOf(contract.getLegacyEnds);
export const getTokens = callOf(contract.getTokens);
