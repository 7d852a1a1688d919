/** Whoever holds a patient's own link, as the record names them: no user, and one name for all of them. */
export const PATIENT = { id: 'patient by link', name: 'The patient' } as const;
