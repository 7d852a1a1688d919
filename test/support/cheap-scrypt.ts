import crypto, { type ScryptOptions } from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

/**
 * The tests of the api sign up and in hundreds of times, and at its real price each password is a fifth of a second of a core.
 * The same scrypt with a sixty-fourth of the rounds; what the real price yields is for `core/accounts/password.test.ts` and for
 * every test over the local edge.
 */
const CHEAPER_BY = 64;

type Done = (error: Error | null, key: Buffer) => void;

const real = crypto.scrypt;

/** Marks ours, since one process may set up many files. */
function cheapScrypt(...[password, salt, length, options, done]: [string, string, number, ScryptOptions, Done]): void {
	real(password, salt, length, { ...options, N: (options.N ?? 0) / CHEAPER_BY }, done);
}

if (real.name !== cheapScrypt.name) {
	Object.assign(crypto, { scrypt: cheapScrypt });
	syncBuiltinESMExports();
}
