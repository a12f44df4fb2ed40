import { z } from "zod";
import { PLATFORM_ROLES, TENANT_ROLES } from "../../core/people.ts";
import "../contract.ts";

/** What people's routes take and give; see `../contract.ts`. */

/** RFC 5321, 4.5.3.1.3: a path has 256 octets, two of them brackets. */
const email = z.email("must be an e-mail address").max(254);
/** Bounded for the body's sake alone; the rules are the domain's, and say so in their own words. */
const password = z.string().min(1).max(1024);
const personName = z.string().trim().min(1).max(100);
const token = z.string().min(20).max(100);
const date = z.string().openapi({ format: "date-time" });
const totpCode = z.string().regex(/^\d{6}$/, "must be six digits");
const recoveryCode = z.string().min(16).max(40);

export const SetUpRequest = z
  .strictObject({ token, email, name: personName, password })
  .openapi("SetUpRequest", { description: "`token` is of the link that the first start printed." });

export const SignInRequest = z
  .strictObject({ email: z.string().min(1).max(254), password })
  .openapi("SignInRequest");

export const SecondFactorRequest = z
  .strictObject({ code: totpCode.optional(), recoveryCode: recoveryCode.optional() })
  .refine(({ code, recoveryCode: other }) => (code === undefined) !== (other === undefined), {
    message: "needs either code or recoveryCode",
    path: ["code"],
  })
  .openapi("SecondFactorRequest");

export const ProofRequest = z
  .strictObject({
    password,
    code: totpCode.optional(),
    recoveryCode: recoveryCode.optional(),
  })
  .openapi("ProofRequest", {
    description: "With a second factor, one of the codes is needed too.",
  });

export const ChangePasswordRequest = z
  .strictObject({ currentPassword: password, password })
  .openapi("ChangePasswordRequest");

export const ConfirmTotpRequest = z.strictObject({ code: totpCode }).openapi("ConfirmTotpRequest");

const PersonShape = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  platformRole: z.enum(PLATFORM_ROLES).nullable(),
  memberships: z.array(z.object({ tenantId: z.uuid(), role: z.enum(TENANT_ROLES) })),
  hasTotp: z.boolean(),
  mustSetUpTotp: z.boolean().openapi({
    description: "A role needs a second factor: until it is set up, nothing else is allowed.",
  }),
});

export const SessionStateShape = z
  .object({
    state: z.enum(["anonymous", "totp-needed", "signed-in"]),
    csrfToken: z.string().openapi({
      description: "To be sent as X-CSRF-Token with every call that is not a GET.",
    }),
    person: PersonShape.nullable(),
  })
  .openapi("SessionState");

export const TotpEnrolmentShape = z
  .object({
    secret: z.string().openapi({ description: "Base32, to type where no camera is." }),
    url: z.string().openapi({ description: "What the QR code says." }),
    qrPng: z.string().openapi({ description: "The QR code, a PNG in base64." }),
  })
  .openapi("TotpEnrolment");

export const RecoveryCodesShape = z
  .object({ recoveryCodes: z.array(z.string()) })
  .openapi("RecoveryCodes", { description: "Shown this once; each works once." });

export const SessionsShape = z
  .object({
    sessions: z.array(
      z.object({
        id: z.uuid(),
        isCurrent: z.boolean(),
        userAgent: z.string(),
        ip: z.string(),
        createdAt: date,
        lastUsedAt: date,
        expiresAt: date,
      }),
    ),
  })
  .openapi("Sessions");

export const InviteRequest = z
  .strictObject({ email, role: z.enum(TENANT_ROLES) })
  .openapi("InviteRequest");

export const InvitationShape = z
  .object({
    id: z.uuid(),
    email: z.string(),
    role: z.enum([...TENANT_ROLES, ...PLATFORM_ROLES]),
    invitedAt: date,
    expiresAt: date,
  })
  .openapi("Invitation");

export const InvitedShape = InvitationShape.extend({
  url: z.string().openapi({
    description: "The link, shown this once: whoever has it can join. Its token is the fragment.",
  }),
}).openapi("Invited");

export const AcceptRequest = z
  .strictObject({ token, name: personName, password })
  .openapi("AcceptRequest");
export const JoinRequest = z.strictObject({ token }).openapi("JoinRequest");

export const MemberShape = z
  .object({
    id: z.uuid(),
    email: z.string(),
    name: z.string(),
    role: z.enum(TENANT_ROLES),
    isDisabled: z.boolean(),
    hasTotp: z.boolean(),
    since: date,
    lastSignInAt: date.nullable(),
  })
  .openapi("Member");

export const ChangeMemberRequest = z
  .strictObject({ role: z.enum(TENANT_ROLES).optional(), isDisabled: z.boolean().optional() })
  .refine((change) => Object.keys(change).length > 0, { message: "names nothing to change" })
  .openapi("ChangeMemberRequest", { description: "Ends all sessions of the member." });

export const ResetRequest = z.strictObject({ personId: z.uuid() }).openapi("ResetRequest");
export const ResetShape = z
  .object({
    url: z.string().openapi({ description: "To be handed to the person; works once." }),
    expiresAt: date,
  })
  .openapi("Reset");
export const RedeemRequest = z.strictObject({ token, password }).openapi("RedeemRequest");

export const PageQuery = z.strictObject({
  cursor: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});

export const pageOf = <Shape extends z.ZodType>(name: string, shape: Shape) =>
  z.object({
    [name]: z.array(shape),
    next: z.uuid().nullable().openapi({ description: "Cursor of the next page; null: the last." }),
  });
