import { versionOn, retentionHours } from '../../studios/policy/policy';
import { LifeLine, type LifeMark } from '../components/life-line';
import type { Studio } from '../../studios/studio';
import { HISTORY_DAYS, whatStays } from '../policy/what-stays';
import { whoTouches } from '../policy/who-touches';
import { useShell, useStudio } from '../shell';
import { MEASURED } from '../still';
import { calendarWords, isEnglish } from '../times';
import { titled } from '../title';

export const handle = MEASURED;

export const meta = titled('What we keep', { isPublic: true });

export default function Policy() {
	const studio = useStudio();
	const { dates, nowMs } = useShell();
	const title = studio.slug === 'dental' ? 'What happens to a photo' : 'What we keep';
	return (
		<div className="wrap page policy">
			<div>
				<h1>{title}</h1>
				<p className="lead">{leadOf(studio)}</p>
				<p className="small muted">
					In force since{' '}
					<span lang={isEnglish(dates) ? undefined : dates}>
						{calendarWords(versionOn(studio.policy, nowMs).version, dates)}
					</span>
				</p>
			</div>
			<div className="policy-text">
				{studio.slug === 'dental' && (
					<section>
						<h2>Step by step</h2>
						<LifeLine marks={photoMarks(studio)} />
					</section>
				)}
				<section>
					<h2>What stays</h2>
					<dl className="pairs">
						{whatStays(studio).map(({ what, how }) => (
							<div key={what}>
								<dt>{what}</dt>
								<dd>{how}</dd>
							</div>
						))}
					</dl>
					<p className="soft">
						The database has a history: a row that is removed can be brought back for {HISTORY_DAYS} days by whoever
						runs the service. Photos, pictures and videos have none.
					</p>
				</section>
				<section>
					<h2>Who touches it</h2>
					<dl className="pairs">
						{whoTouches(studio).map(({ name, purpose }) => (
							<div key={name}>
								<dt>{name}</dt>
								<dd>{purpose}.</dd>
							</div>
						))}
					</dl>
					<p className="soft">Nobody else. There is no measurement and no advertising on these pages.</p>
				</section>
				<section>
					<h2>Cookies</h2>
					<p className="serif body">
						One that says you are signed in, for 14 days. One with the colours and one with the language of dates, if
						you chose any. One with your time zone, so that times are written by your clock. And while you are in the
						middle of a step, what the next one needs, for an hour at most: signing up or in, a passkey, a visit to
						another service, an invitation, a new API key.
					</p>
				</section>
			</div>
		</div>
	);
}

function leadOf({ slug, work }: Studio): string {
	if (slug === 'dental')
		return 'A patient photo is here for one purpose and for a short time. This is where it goes, and until when.';
	if (slug === 'image')
		return `The ${work.many} are kept until you delete them. The words you wrote stay with the account.`;
	return 'Your account is kept. Nothing else is made or stored yet.';
}

function photoMarks({ policy, retention, limits }: Studio): readonly LifeMark[] {
	const hours = retentionHours(policy, 'source');
	const megabytes = Math.round(limits.uploadBytesMax / 1024 / 1024);
	return [
		{
			key: 'device',
			state: 'done',
			what: 'On your device',
			note: `The photo is turned upright and its metadata is removed. Up to ${megabytes} MB; HEIC becomes JPEG here.`,
		},
		{
			key: 'consent',
			state: 'done',
			what: 'Consent',
			note: 'Without a complete, unexpired consent that is not revoked, no address to send a photo to is given.',
		},
		{
			key: 'store',
			state: 'done',
			what: 'In our private store',
			when: `until ${hours} hours after the video is ready or has failed`,
			note: `A photo that is never used leaves ${hours} hours after it came. One that was only half sent, after ${retention.unusedUploadMinutes} minutes.`,
		},
		{
			key: 'fal',
			state: 'now',
			what: 'At fal.ai',
			when: 'while the video is made',
			note: 'fal.ai fetches it through a signed link that ends after minutes, and is told not to store it.',
		},
		{
			key: 'gone',
			what: 'Deleted',
			note: 'From that minute its address answers nothing. We look for it again in every place it was, then sign a receipt. The video stays until you delete it.',
		},
	];
}
