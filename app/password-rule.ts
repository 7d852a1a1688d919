/** The shortest password when it is the only factor; the api refuses shorter ones with the same number. */
export const PASSWORD_LENGTH_MIN = 15;
/** The shortest when a second factor is on. */
export const PASSWORD_LENGTH_MIN_WITH_SECOND_FACTOR = 8;
