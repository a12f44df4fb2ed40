import type { OpenAPIRegistry } from "@asteasolutions/zod-to-openapi";
import {
  AcceptRequest,
  ChangeMemberRequest,
  ChangePasswordRequest,
  ConfirmTotpRequest,
  InvitationShape,
  InvitedShape,
  InviteRequest,
  JoinRequest,
  MemberShape,
  PageQuery,
  ProofRequest,
  pageOf,
  RecoveryCodesShape,
  RedeemRequest,
  ResetRequest,
  ResetShape,
  SecondFactorRequest,
  SessionStateShape,
  SessionsShape,
  SetUpRequest,
  SignInRequest,
  TotpEnrolmentShape,
} from "./contract.ts";
import { describeOperations, type Operations, SESSION_SCHEME } from "./describe-operations.ts";
import { SSO_OPERATIONS } from "./sso-operations.ts";

const state = { gives: SessionStateShape };
const linkVoid =
  "The link is unknown, used or too old, or the password is refused; `code` says which.";
const invalid = { 400: "The request is not valid; `fields` says where." };
const noMember = { 404: "There is no such member." };
const page = { query: PageQuery };

const OPERATIONS: Operations = {
  "POST /api/v1/setup": {
    id: "setUp",
    summary: "Make the first person: platform-admin, and owner of the first tenant",
    takes: SetUpRequest,
    ...state,
    status: 201,
    otherwise: { 400: linkVoid },
  },
  "GET /api/v1/session": {
    id: "getSession",
    summary: "Who is signed in, and the token that every other call needs",
    ...state,
  },
  "POST /api/v1/session": {
    id: "signIn",
    summary: "Give address and password",
    description:
      "`totp-needed`: go on with POST /api/v1/session/totp within five minutes. Refusals do not tell whether the address is known.",
    takes: SignInRequest,
    ...state,
    otherwise: { ...invalid, 401: "The address or the password is wrong." },
  },
  "POST /api/v1/session/totp": {
    id: "finishSignIn",
    summary: "Give the second factor",
    takes: SecondFactorRequest,
    ...state,
    otherwise: {
      ...invalid,
      401: "The code is wrong or was used, or the password is to be given first.",
    },
  },
  "POST /api/v1/session/refresh": {
    id: "refreshSession",
    summary: "Go on for another ten minutes",
    description:
      "Each refresh cookie works once; one that comes again later than ten seconds ends the session.",
    ...state,
    otherwise: { 401: "The session is over." },
  },
  "DELETE /api/v1/session": { id: "signOut", summary: "Sign out" },
  "POST /api/v1/session/proof": {
    id: "proveSession",
    summary: "Give password and second factor again, before what is delicate",
    takes: ProofRequest,
    otherwise: invalid,
  },
  "PUT /api/v1/session/password": {
    id: "changePassword",
    summary: "Change the password; every session ends, and this browser gets a new one",
    takes: ChangePasswordRequest,
    ...state,
    otherwise: { 400: "The request is not valid, or the new password is refused." },
  },
  "POST /api/v1/session/totp/enrolment": {
    id: "beginTotp",
    summary: "A secret for the authenticator app",
    gives: TotpEnrolmentShape,
    status: 201,
  },
  "PUT /api/v1/session/totp/enrolment": {
    id: "confirmTotp",
    summary: "Show that the app has the secret: from now on its codes are asked for",
    takes: ConfirmTotpRequest,
    gives: RecoveryCodesShape,
    otherwise: invalid,
  },
  "GET /api/v1/sessions": {
    id: "listSessions",
    summary: "Where one is signed in",
    gives: SessionsShape,
  },
  "DELETE /api/v1/sessions": { id: "endOtherSessions", summary: "End all sessions but this one" },
  "DELETE /api/v1/sessions/:sessionId": {
    id: "endSession",
    summary: "End one session",
    otherwise: { 404: "There is no such session." },
  },
  "GET /api/v1/invitations": {
    id: "listInvitations",
    summary: "Invitations that are open",
    ...page,
    gives: pageOf("invitations", InvitationShape),
    otherwise: invalid,
  },
  "POST /api/v1/invitations": {
    id: "invite",
    summary: "Invite somebody by a link",
    takes: InviteRequest,
    gives: InvitedShape,
    status: 201,
    otherwise: { ...invalid, 409: "They belong to the tenant already." },
  },
  "DELETE /api/v1/invitations/:invitationId": {
    id: "withdrawInvitation",
    summary: "Make the link void",
    otherwise: { 404: "There is no such invitation." },
  },
  "POST /api/v1/invitations/accept": {
    id: "acceptInvitation",
    summary: "Join with a new password",
    takes: AcceptRequest,
    ...state,
    status: 201,
    otherwise: { 400: linkVoid, 409: "The address signs in here already: sign in, then join." },
  },
  "POST /api/v1/invitations/join": {
    id: "joinAsSignedIn",
    summary: "Join another tenant as who one is",
    takes: JoinRequest,
    ...state,
    otherwise: { 400: "The link is void, or for another address." },
  },
  "GET /api/v1/members": {
    id: "listMembers",
    summary: "Who belongs to the tenant",
    ...page,
    gives: pageOf("members", MemberShape),
    otherwise: invalid,
  },
  "GET /api/v1/members/:personId": {
    id: "getMember",
    summary: "One member",
    gives: MemberShape,
    otherwise: noMember,
  },
  "PATCH /api/v1/members/:personId": {
    id: "changeMember",
    summary: "Change a role, or disable; all sessions of the member end",
    takes: ChangeMemberRequest,
    gives: MemberShape,
    otherwise: { ...invalid, ...noMember, 409: "Nobody would own the tenant any more." },
  },
  "POST /api/v1/password-resets": {
    id: "beginPasswordReset",
    summary: "A link to a new password, for somebody who belongs to this tenant alone",
    takes: ResetRequest,
    gives: ResetShape,
    status: 201,
    otherwise: { ...invalid, ...noMember },
  },
  "POST /api/v1/password-resets/redeem": {
    id: "redeemPasswordReset",
    summary: "Choose a new password; every session ends",
    takes: RedeemRequest,
    otherwise: { 400: linkVoid },
  },
};

/** The part of the API's description that tells of people, and how they sign in. */
export function describeAccess(registry: OpenAPIRegistry): void {
  registry.registerComponent("securitySchemes", SESSION_SCHEME, {
    type: "apiKey",
    in: "cookie",
    name: "access",
    description:
      "Set by signing in; `__Host-` stands before the name over https. Every call that is not a GET needs X-CSRF-Token besides.",
  });
  describeOperations(registry, { ...OPERATIONS, ...SSO_OPERATIONS });
}
