import { retentionHours } from '../../studios/policy/policy';
import { Chip } from '../components/chip';
import { Compare } from '../components/compare';
import { LifeLine } from '../components/life-line';
import { useStudio } from '../shell';
import { Hero } from './hero';
import { Prices } from './prices';
import { SampleReceipt } from './sample-receipt';
import { StartLinks } from './start-links';

const CUT_PER_CENT = 46;

export function DentalLanding() {
	const studio = useStudio();
	const video = studio.tools.at(0);
	return (
		<div className="wrap landing">
			<Hero
				actions={<StartLinks first="Make a first smile" second={{ to: '/policy', label: 'What we promise' }} />}
				note={`${studio.welcomeCredits} credits to start, no card.${video === undefined ? '' : ` A smile video costs ${video.credits}.`}`}
				picture={
					<Compare
						before={{ src: '/samples/mara.jpg', alt: 'Drawn patient, before' }}
						after={{ src: '/samples/mara-after.jpg', alt: 'Drawn patient, after' }}
						width={768}
						height={960}
						start={CUT_PER_CENT}
						label="AI visualisation. Drawn patient, no real person."
						isFirst
					/>
				}
			/>
			<PhotoLife hours={retentionHours(studio.policy, 'source')} />
			<section className="sec proof">
				<div className="head">
					<h2>A receipt for what is gone</h2>
					<p className="lead">
						When a photo’s time ends we delete it, look for it again in every place it was, and sign what we found. The
						signature can be checked without us, offline.
					</p>
				</div>
				<SampleReceipt places={['Our store', 'fal.ai']} />
			</section>
			<PublishGate />
			<Prices />
		</div>
	);
}

function PhotoLife({ hours }: { hours: number }) {
	return (
		<section className="day">
			<h2 className="vh">Where the photo is, step by step</h2>
			<LifeLine
				isWide
				marks={[
					{
						key: 'device',
						state: 'done',
						when: 'First',
						what: 'On your device',
						note: 'Turned upright, metadata removed. Nothing is sent without a signed consent.',
					},
					{
						key: 'store',
						state: 'done',
						when: 'Then',
						what: 'In our private store',
						note: 'Without a public address, under a name nobody can guess.',
					},
					{
						key: 'fal',
						state: 'now',
						when: 'While the video is made',
						what: 'At fal.ai',
						note: 'Fetched through a signed link that ends after minutes.',
					},
					{
						key: 'gone',
						when: `${hours} hours after the video`,
						what: 'Nowhere',
						note: 'Deleted, looked for again, receipt signed.',
					},
				]}
			/>
		</section>
	);
}

/** The rules of the publish gate for what AI drew, as it decides them today. */
const PLACES = [
	{ place: 'On the chair-side screen', state: 'kept', verdict: 'Allowed', rule: 'With the patient’s consent.' },
	{ place: 'In the patient’s own copy', state: 'kept', verdict: 'Allowed', rule: 'With the patient’s consent.' },
	{ place: 'On your website', state: 'stop', verdict: 'Refused', rule: 'Advertising rules ask for real results.' },
	{ place: 'On social media', state: 'stop', verdict: 'Refused', rule: 'Advertising rules ask for real results.' },
] as const;

function PublishGate() {
	return (
		<section className="sec gate">
			<div className="head">
				<h2>It also tells you when not to publish</h2>
				<p className="lead">
					A picture made by AI is a plan. Show it in the room, give the patient a copy, and keep it off your website.
				</p>
			</div>
			<table className="tbl">
				<caption className="vh">Where an AI visualisation may be shown</caption>
				<thead>
					<tr>
						<th scope="col">AI visualisation</th>
						<th scope="col">May it be shown</th>
						<th scope="col" className="hide-s">
							Why
						</th>
					</tr>
				</thead>
				<tbody>
					{PLACES.map(({ place, state, verdict, rule }) => (
						<tr key={place}>
							<th scope="row" className="plain">
								{place}
							</th>
							<td>
								<Chip state={state}>{verdict}</Chip>
							</td>
							<td className="soft hide-s">{rule}</td>
						</tr>
					))}
				</tbody>
			</table>
		</section>
	);
}
