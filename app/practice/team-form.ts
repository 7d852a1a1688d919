import { z } from 'zod';

import { GIVEN_ROLES } from './role-sentence';
import { REASON_LENGTH_MAX } from './team-limits';

export const InviteForm = z.object({
	email: z.string().trim().pipe(z.email('This is not an e-mail address. Type one such as ada@practice.example.')),
	role: z.enum(GIVEN_ROLES, 'Choose a role: clinician, staff or billing.'),
});

export const RoleForm = z.object({
	role: z.enum(GIVEN_ROLES, 'Choose a role: clinician, staff or billing.'),
	reason: z.string().trim().max(REASON_LENGTH_MAX, `A reason has ${REASON_LENGTH_MAX} characters at most.`),
});

export const ReasonForm = RoleForm.pick({ reason: true });
