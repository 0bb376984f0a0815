/** Two arms of people assigned one by one. */
export type TwoGroupDesign = {
  readonly kind: 'two-group';
  readonly treatment: number;
  readonly comparison: number;
  /** Correlation of the outcome with a baseline that the analysis adjusts for; 0 when left out. */
  readonly baselineCorrelation?: number;
};

/** One group before and after; effects are in standard deviations of the change (d_z). */
export type PairedDesign = { readonly kind: 'paired'; readonly pairs: number };

/** Whole clusters (activity groups, schools, districts) assigned to two arms. */
export type ClusterDesign = {
  readonly kind: 'cluster';
  /** In both arms together. */
  readonly clusters: number;
  /** People a cluster, on average. */
  readonly clusterSize: number;
  /** Intraclass correlation, 0 to below 1. */
  readonly icc: number;
  /** Standard deviation of the cluster sizes over their mean; 0 (all equal) when left out. */
  readonly sizeVariation?: number;
  /** Share of the clusters in the treatment arm; 0.5 when left out. */
  readonly treatmentShare?: number;
  /** Shares of the variance between and within clusters that covariates explain; 0 when left out. */
  readonly r2Cluster?: number;
  readonly r2Person?: number;
  /** Cluster-level covariates: each costs a degree of freedom. */
  readonly covariates?: number;
};

/** Whole sites assigned, clusters within them, people within those. */
export type ThreeLevelDesign = {
  readonly kind: 'three-level';
  /** In both arms together. */
  readonly sites: number;
  readonly clustersPerSite: number;
  readonly clusterSize: number;
  readonly iccSite: number;
  readonly iccCluster: number;
  readonly treatmentShare?: number;
  readonly r2Site?: number;
  readonly r2Cluster?: number;
  readonly r2Person?: number;
  readonly covariates?: number;
};

export type Design = TwoGroupDesign | PairedDesign | ClusterDesign | ThreeLevelDesign;

/** What a design promises: the standard error of the effect in standard deviations, and the t it will be tested by. */
export type Precision = { readonly standardError: number; readonly df: number };

const requireAbove = (name: string, value: number, least: number): void => {
  if (!(Number.isFinite(value) && value > least)) throw new RangeError(`${name} must be above ${least}, not ${value}`);
};
const requireShare = (name: string, value: number): void => {
  if (!(value >= 0 && value < 1)) throw new RangeError(`${name} must be from 0 to below 1, not ${value}`);
};
const requireAssigned = (share: number): void => {
  if (!(share > 0 && share < 1)) throw new RangeError(`treatmentShare must be between 0 and 1, not ${share}`);
};

const requireDf = (df: number, what: string): number => {
  if (!(df > 0)) throw new RangeError(`${what} leave no degrees of freedom: the design cannot be tested`);
  return df;
};

const twoGroups = ({ treatment, comparison, baselineCorrelation = 0 }: TwoGroupDesign): Precision => {
  requireAbove('treatment', treatment, 1);
  requireAbove('comparison', comparison, 1);
  if (!(Math.abs(baselineCorrelation) < 1))
    throw new RangeError(`baselineCorrelation must be within -1 and 1, not ${baselineCorrelation}`);
  const adjusted = Number(baselineCorrelation !== 0);
  return {
    standardError: Math.sqrt((1 - baselineCorrelation ** 2) * (1 / treatment + 1 / comparison)),
    df: requireDf(treatment + comparison - 2 - adjusted, 'treatment and comparison'),
  };
};

/**
 * Design effect of clusters whose sizes differ: 1 + ((cv^2 + 1) m - 1) rho (Eldridge, Ashby & Kerry 2006).
 *
 * @param clusterSize - people a cluster on average, m
 * @param icc - intraclass correlation, rho
 * @param sizeVariation - standard deviation of the sizes over their mean, cv
 */
export const clusterDesignEffect = (clusterSize: number, icc: number, sizeVariation = 0): number => {
  requireAbove('clusterSize', clusterSize, 0);
  requireShare('icc', icc);
  if (!(sizeVariation >= 0)) throw new RangeError(`sizeVariation must not be negative, but is ${sizeVariation}`);
  return 1 + ((sizeVariation ** 2 + 1) * clusterSize - 1) * icc;
};

const clusters = (design: ClusterDesign): Precision => {
  const { clusterSize, icc, sizeVariation = 0, treatmentShare = 0.5, covariates = 0 } = design;
  const { r2Cluster = 0, r2Person = 0 } = design;
  requireAbove('clusters', design.clusters, 2);
  requireAbove('clusterSize', clusterSize, 0);
  requireAssigned(treatmentShare);
  Object.entries({ icc, r2Cluster, r2Person }).forEach(([name, value]) => requireShare(name, value));
  if (!(sizeVariation >= 0)) throw new RangeError(`sizeVariation must not be negative, but is ${sizeVariation}`);
  const between = icc * (1 - r2Cluster) * (1 + sizeVariation ** 2);
  const within = ((1 - icc) * (1 - r2Person)) / clusterSize;
  return {
    standardError: Math.sqrt((between + within) / (treatmentShare * (1 - treatmentShare) * design.clusters)),
    df: requireDf(design.clusters - covariates - 2, 'clusters and covariates'),
  };
};

const threeLevels = (design: ThreeLevelDesign): Precision => {
  const { sites, clustersPerSite, clusterSize, iccSite, iccCluster, treatmentShare = 0.5 } = design;
  const { r2Site = 0, r2Cluster = 0, r2Person = 0, covariates = 0 } = design;
  requireAbove('sites', sites, 2);
  requireAbove('clustersPerSite', clustersPerSite, 0);
  requireAbove('clusterSize', clusterSize, 0);
  requireAssigned(treatmentShare);
  Object.entries({ iccSite, iccCluster, r2Site, r2Cluster, r2Person }).forEach(([name, value]) => requireShare(name, value));
  requireShare('iccSite + iccCluster', iccSite + iccCluster);
  const variance =
    iccSite * (1 - r2Site) +
    (iccCluster * (1 - r2Cluster)) / clustersPerSite +
    ((1 - iccSite - iccCluster) * (1 - r2Person)) / (clustersPerSite * clusterSize);
  return {
    standardError: Math.sqrt(variance / (treatmentShare * (1 - treatmentShare) * sites)),
    df: requireDf(sites - covariates - 2, 'sites and covariates'),
  };
};

/**
 * Standard error (in standard deviations of the outcome) and degrees of freedom that a design will have: two groups and pairs by
 * the t test; clusters and sites by Bloom (2006) and Dong & Maynard (2013), with unequal sizes as in `clusterDesignEffect`.
 *
 * @throws RangeError naming the entry that is out of range or leaves no degrees of freedom
 */
export const precisionOf = (design: Design): Precision => {
  switch (design.kind) {
    case 'two-group':
      return twoGroups(design);
    case 'paired':
      requireAbove('pairs', design.pairs, 1);
      return { standardError: 1 / Math.sqrt(design.pairs), df: design.pairs - 1 };
    case 'cluster':
      return clusters(design);
    case 'three-level':
      return threeLevels(design);
  }
};
