import { Steps } from '../components/steps';

const NAMES = ['Patient', 'Consent', 'Photo', 'Smile', 'Price'] as const;
type StepName = (typeof NAMES)[number];

interface WizardStepsProps {
	readonly now: StepName;
	/** Where finished steps lead back to. */
	readonly hrefs?: Partial<Record<StepName, string>>;
}

export function WizardSteps({ now, hrefs = {} }: WizardStepsProps) {
	return (
		<Steps
			label="Steps of a new smile"
			steps={NAMES.map((name) => ({ name, href: hrefs[name] }))}
			now={NAMES.indexOf(now)}
		/>
	);
}

/** The addresses of the wizard: ids only, so that nothing about a patient stands in a browser's history. */
export const wizardPaths = {
	patient: '/smiles/new',
	consent: (subjectId: string) => `/smiles/new/consent?subject=${encodeURIComponent(subjectId)}`,
	paper: (consentId: string) => `/smiles/new/paper?consent=${encodeURIComponent(consentId)}`,
	/** Where a form begins a draft for a paper. */
	newPaper: (subjectId: string) => `/smiles/new/paper?subject=${encodeURIComponent(subjectId)}`,
	photo: (consentId: string) => `/smiles/new/photo?consent=${encodeURIComponent(consentId)}`,
	shade: (uploadId: string) => `/smiles/new/shade?upload=${encodeURIComponent(uploadId)}`,
} as const;
