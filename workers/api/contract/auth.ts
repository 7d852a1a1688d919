/** What sign-up, sign-in and their codes take. They are not part of the OpenAPI document: browsers alone ask them. */
import { z } from 'zod';

/** The longest address that mail can be sent to (RFC 5321, 4.5.3.1.3). */
const EMAIL_LENGTH_MAX = 254;
const NAME_LENGTH_MAX = 120;
/** Longer than any password that is accepted; whatever is longer is refused before anything is computed of it. */
const PASSWORD_BYTES_MAX = 4096;

export const EmailAddress = z
	.string()
	.trim()
	.toLowerCase()
	.max(EMAIL_LENGTH_MAX, `An e-mail address has ${EMAIL_LENGTH_MAX} characters at most.`)
	.pipe(z.email('This is not an e-mail address. Type one such as name@example.com.'));

export const PersonName = z
	.string()
	.trim()
	.min(1, 'Type a name.')
	.max(NAME_LENGTH_MAX, `The name has ${NAME_LENGTH_MAX} characters at most.`);

export const Password = z.string().min(1, 'Type a password.').max(PASSWORD_BYTES_MAX, 'The password is too long.');

/** As people type it: with spaces around or between. */
export const Code = z
	.string()
	.max(40, 'The code has six digits.')
	.transform((code) => code.replaceAll(/\s/g, ''));

export const SignUp = z.strictObject({ name: PersonName, email: EmailAddress, password: Password });
export const CodeOrder = z.strictObject({
	email: EmailAddress,
	type: z.enum(['email-verification', 'sign-in', 'forget-password']),
});
export const CodeByAddress = z.strictObject({ email: EmailAddress, code: Code });
export const PasswordReset = z.strictObject({ email: EmailAddress, code: Code, password: Password });
export const SignInByPassword = z.strictObject({ email: EmailAddress, password: Password });
export const SecondFactorCode = z.strictObject({ code: Code });
export const Nothing = z.strictObject({});
