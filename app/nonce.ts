import { createContext, useContext } from 'react';

/** Known on the server only: a browser hides nonces from scripts, so the client renders none. */
const Nonce = createContext<string | undefined>(undefined);

export const NonceProvider = Nonce.Provider;

export function useNonce(): string | undefined {
	return useContext(Nonce);
}
