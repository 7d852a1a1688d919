import { z } from 'zod';

import { GIVEN_ROLES } from './role-sentence';

/* As the api has it, said here so that a wrong form is answered without a call; a test holds the two together. */
export const REASON_LENGTH_MAX = 300;

/** How long a mailed link works. */
export const INVITATION_DAYS = 7;

export const InviteForm = z.object({
	email: z.string().trim().pipe(z.email('This is not an e-mail address. Type one such as ada@practice.example.')),
	role: z.enum(GIVEN_ROLES, 'Choose a role: clinician, staff or billing.'),
});

export const RoleForm = z.object({
	role: z.enum(GIVEN_ROLES, 'Choose a role: clinician, staff or billing.'),
	reason: z.string().trim().max(REASON_LENGTH_MAX, `A reason has ${REASON_LENGTH_MAX} characters at most.`),
});

export const ReasonForm = RoleForm.pick({ reason: true });
