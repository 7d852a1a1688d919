/** The shortest password when it is the only factor; the api refuses shorter ones with the same number. */
export const PASSWORD_LENGTH_MIN = 15;
