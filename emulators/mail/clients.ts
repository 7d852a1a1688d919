/** What the local edge hears from the stand-in for Resend with. No secret: nothing outside this machine takes it. */
export const LOCAL_RESEND = {
	webhookSecret: `whsec_${Buffer.from('the local stand-in for Resend signs').toString('base64')}`,
} as const;
