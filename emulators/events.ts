/** What a terminal or a test may want to follow while the stand-ins work. */
export type EmulatorEvent =
	| { type: 'fal_state'; requestId: string; endpoint: string; state: string }
	| { type: 'fal_progress'; requestId: string; endpoint: string; fraction: number; message: string }
	| { type: 'fal_webhook'; requestId: string; attempt: number; status: number | 'unreachable' }
	| { type: 'stripe_webhook'; event: string; kind: string; attempt: number; status: number | string }
	| { type: 'mail_webhook'; event: string; kind: string; status: number | string }
	| { type: 'mail'; id: string; to: readonly string[]; subject: string };

export type OnEvent = (event: EmulatorEvent) => void;
