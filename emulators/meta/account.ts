/** The pixel of this machine, and the token that the stand-in takes for it. */
export const LOCAL_META = { pixelId: '1029384756', accessToken: 'local-emulator-no-secret' } as const;
