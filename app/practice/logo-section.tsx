import { useNavigation, useSubmit } from '@remix-run/react';
import { ImageUp, Trash2 } from 'lucide-react';
import { useCallback, type ChangeEvent } from 'react';

import { ConfirmForm } from '../components/confirm-form';
import { Notice } from '../components/notice';
import { useHydrated } from '../hydrated';
import { Meter } from '../smile/meter';
import { useLogo, type LogoStage } from './use-logo';

const ACTION = '/practice?index';
const ACCEPT = 'image/png,image/jpeg,image/webp';

interface LogoSectionProps {
	readonly name: string;
	readonly logoUrl: string | null;
	readonly mayChange: boolean;
	/** What the server said to the last attempt. */
	readonly refusal: string | undefined;
}

/** The logo, and for whoever may change it: choose, replace, remove. */
export function LogoSection({ name, logoUrl, mayChange, refusal }: LogoSectionProps) {
	const submit = useSubmit();
	const onSent = useCallback(
		(uploadId: string) =>
			submit({ intent: 'logo', uploadId }, { method: 'post', action: ACTION, preventScrollReset: true }),
		[submit],
	);
	const { stage, pick } = useLogo(onSent);
	const isSaving = useNavigation().formData?.get('intent') === 'logo';
	const shown = stage.at === 'sending' || (stage.at === 'sent' && isSaving) ? stage.preview : logoUrl;
	return (
		<section className="part">
			<h2>Logo</h2>
			{stage.at === 'refused' && (
				<Notice kind="stop" title={stage.refusal.heading} isAlert>
					{stage.refusal.sentence}
				</Notice>
			)}
			{refusal !== undefined && <Notice kind="stop" title={refusal} isAlert />}
			<div className="logo">
				<div className="logo-frame" data-empty={shown === null}>
					{shown === null ? (
						<span className="small muted">No logo yet</span>
					) : (
						<img src={shown} alt={`Logo of ${name}`} width={160} height={160} />
					)}
				</div>
				{mayChange && (
					<div className="stack">
						<p className="soft">A PNG, JPEG or WebP picture. It is made smaller on this device before it is sent.</p>
						<LogoButtons
							hasLogo={logoUrl !== null}
							isBusy={stage.at === 'preparing' || stage.at === 'sending'}
							onPick={pick}
						/>
						<LogoProgress stage={stage} isSaving={isSaving} />
					</div>
				)}
			</div>
		</section>
	);
}

function LogoButtons(props: { hasLogo: boolean; isBusy: boolean; onPick: (file: File) => Promise<void> }) {
	const { hasLogo, isBusy, onPick } = props;
	const isLive = useHydrated();
	const pick = (event: ChangeEvent<HTMLInputElement>) => {
		const file = event.currentTarget.files?.[0];
		if (file !== undefined) void onPick(file);
		// The same file can be chosen again after it was refused.
		event.currentTarget.value = '';
	};
	return (
		<div className="row">
			<label className="btn line file" aria-disabled={!isLive}>
				<ImageUp size={18} strokeWidth={1.75} aria-hidden="true" />
				{hasLogo ? 'Replace logo' : 'Choose a logo'}
				<input type="file" accept={ACCEPT} onChange={pick} disabled={isBusy || !isLive} />
			</label>
			{hasLogo && (
				<ConfirmForm
					action={ACTION}
					fields={{ intent: 'remove-logo' }}
					label="Remove logo"
					pendingLabel="Removing…"
					icon={<Trash2 size={18} strokeWidth={1.75} aria-hidden="true" />}
					question="Remove the logo?"
					consequence="It is shown nowhere from now, and its file is deleted. The rest of the profile stays."
				/>
			)}
			<noscript>
				<p className="hint small muted">Choosing a logo needs JavaScript, which is off in this browser.</p>
			</noscript>
		</div>
	);
}

function LogoProgress({ stage, isSaving }: { stage: LogoStage; isSaving: boolean }) {
	const perCent = stage.at === 'sending' ? Math.round(stage.share * 100) : 100;
	const isShown = stage.at === 'sending' || isSaving;
	return (
		<div className="logo-progress">
			<output className="small soft">
				{stage.at === 'preparing' && 'Preparing the picture on this device'}
				{isShown && (perCent < 100 ? `Sending the logo, ${perCent} %` : 'Checking what arrived')}
			</output>
			{isShown && <Meter perCent={perCent} label="Sending the logo" />}
		</div>
	);
}
