import { CHANNELS, type Channel } from '../../../studios/publish-rules';
import { AppError } from '../errors';

/** What each purpose of an authorization means for the uses of what is made. A copy for the patient goes by file or by link. */
const CHANNELS_OF: Readonly<Record<string, readonly Channel[]>> = {
	show_in_room: ['room'],
	patient_copy: ['download', 'share'],
	website: ['publish'],
	social_media: ['publish'],
};

/** Every channel that the purposes mean, in the order of the list. Pure. */
export function channelsOf(purposes: readonly string[]): Channel[] {
	const meant = new Set(purposes.flatMap((purpose) => CHANNELS_OF[purpose] ?? []));
	return CHANNELS.filter((channel) => meant.has(channel));
}

/** The channels that a new consent begins with: those asked for, or all that its purposes mean. Refuses one that they do not mean. */
export function firstChannels(purposes: readonly string[], asked: readonly Channel[] | undefined): Channel[] {
	const meant = channelsOf(purposes);
	if (asked === undefined) return meant;
	if (asked.some((channel) => !meant.includes(channel))) {
		throw new AppError('invalid_input', 'A channel goes further than the purposes that are signed. Leave it out.', {
			details: { fields: ['channels'] },
		});
	}
	return CHANNELS.filter((channel) => asked.includes(channel));
}
