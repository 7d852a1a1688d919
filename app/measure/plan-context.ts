import { createContext, useContext } from 'react';

import { NO_PLAN, type PagePlan } from './plan-page';

/** Known on the server only, and only pages without React in the browser have one: nothing can differ there. */
const Plan = createContext<PagePlan>(NO_PLAN);

export const PlanProvider = Plan.Provider;

export function usePlan(): PagePlan {
	return useContext(Plan);
}
