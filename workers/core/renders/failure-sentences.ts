import type { ProcessorFailure } from '../gateways/processor';
import type { RenderFailure } from './settle-render';

/** What the picture's own check says is written for the person who took it, and is shown as it is. */
const PHOTO_CODES = new Set(['no_face', 'several_faces', 'mouth_closed', 'mouth_too_small', 'blurred', 'no_teeth']);
const SENTENCE_LENGTH_MAX = 300;

const SENTENCES: Readonly<Record<string, string>> = {
	content_policy_violation: 'The processor’s safety check refused this. Try another photo or other words.',
	moderation_blocked: 'The processor’s safety check refused these words. Try others.',
	no_answer: 'The processor did not answer in time. Try again in a few minutes.',
	output_too_large: 'What came back was larger than we take. Try again.',
	output_not_usable: 'What came back was not what was asked for. Try again.',
	photo_gone: 'The photo was deleted before this was finished. Take a new one.',
	consent_ended: 'The consent ended or was revoked before this was finished, so we stopped.',
	processing_restricted: 'Processing was restricted before this was finished, so we stopped.',
	erased: 'What was ordered was erased before this was finished, so we stopped.',
	tool_gone: 'This tool is no longer offered.',
};

const FALLBACK = 'The processor had trouble making this. Try again in a few minutes.';

/** The refusal a person reads when a stage could not be done. */
export function toRenderFailure(failure: Pick<ProcessorFailure, 'code' | 'message'>): RenderFailure {
	const { code, message } = failure;
	if (PHOTO_CODES.has(code) && message !== null) return { code, message: message.slice(0, SENTENCE_LENGTH_MAX) };
	return { code, message: SENTENCES[code] ?? FALLBACK };
}
