"""The wordings of a count, as patterns over the layer `count`; what each letter means stands in tags.py and tagset.py.

Best first: a quantity belongs to the first pattern that takes it. `n` is the quantity (a number, or the person counted
singly), `cue` the word that says what happened; PATTERNS tile their match with groups (match.py).
"""

NOUN = r"[psklmiycn]"
OF = r"(?:Ft?N?)?"
INSIDE = r"[wOXYvjs']{0,3}?"
NP = rf"(?:{OF}{INSIDE}{NOUN})?"
# Between the person and the verb: "…, a teacher at the school, …", "…, 20, of Springfield, …"
ASIDE = r"(?:(?:,[^,;qN&][^,;q]{0,13}){1,3},|,w?Y(?:,?&?Y){1,3},|,Y|,NF[uw][^,;qN&]{1,6},)?"
PLACE = r"(?:FN|[PF][tawOXYTs']{0,6}?[wOXpsTkl_]){0,2}"
FINITE = r"(?:,?[rh]?[bdx]|r|bP|bw|q){0,6}"
PASSIVE = r"(?:[rh]?b[bdx]{0,4}w?)"
SINGLE = r"a[wOYXv'sj]{0,4}?[slY]O{0,3}?"
DEFINITE = r"(?:t|O{1,3}')[wOYXv'sj]{0,4}?[slY]O{0,3}?"
NAMED = r"Y?O{2,4}"
SURNAME = r"O"
TELLS = (
    rf"(?P<where>{PLACE})(?P<aside>{ASIDE})(?P<place>{PLACE})"
    rf"(?P<finite>{FINITE})(?P<cue>[vj])(?P<more>(?:&[vj])?)(?P<after>.?)"
)
FAMILY = r"[at][wOYX']{0,4}?s&tN[wO]{0,2}?p"
# What may stand before a name that is killed: "killed Attorney General …", "the murder of former senator …"
TITLE = r"t?[ws]{0,2}?(?:O{1,3}'?[ws]{1,3})?[wsY]{0,5}?"
ENDS = r"[^Opkymciws]|$"
# A verb may follow who is meant: "the murder of the judge shocked the town"
GOES_ON = r"[^Opkymciws]|w[PatTdNhq,;]|$"
# What a hospital takes in: "were taken to the county hospital"; the words stand in care.csv (guards.py)
TO = r"(?P<to>P[taO']{0,4}?[wOp']{1,5})"
# What happened before the outcome: "was shot in the head and was pronounced dead"
SINCE = r"(?:[PtawOXT'd]|&w|,[ftPwO]){0,12}?(?:,?[&C]|,)[uC]?"
OUTCOME = rf"(?P<aside>{ASIDE})(?P<finite>b{{0,3}}d?)(?P<shot>[vw])(?P<since>{SINCE})(?P<then>[bd]{{0,3}})(?P<cue>[vj])"
CARE = rf"(?P<aside>{ASIDE})(?P<finite>b{{1,3}}d?)(?P<cue>w){TO}"
IN_CARE = rf"(?P<aside>{ASIDE})(?P<finite>b{{1,2}}d?)(?P<cue>P)(?P<to>[taO']{{0,3}}?[wO]{{1,3}})"
PASSING = r"(?P<doing>w)(?P<rest>[wtaOPFXT']{0,9}?)(?P<finite>b[bd]{0,3})(?P<cue>v)"
# Who was hit and has died since: "a boy shot on Sunday in the park has died", "a man who was shot at home died"
RELATIVE = (
    rf"(?P<aside>{ASIDE})(?P<finite>(?:,?rb{{1,3}})?d?)(?P<shot>[vw])"
    r"(?P<since>[PTdw][PtawOXTFNY'dsc]{0,16}?,?)(?P<then>b{0,2}d?)(?P<cue>[vj])"
)
# Without an article, as headlines have it; only there (guards.py)
BARE = r"[wOXY]{0,3}?[slY]"
# What was before it: "were on a visit to the town and were wounded", "who were guarding the house were killed"
WAS = (
    rf"(?P<where>{PLACE})(?P<rest>b[PtawOXd']{{1,8}}&|,?r[bwd]{{1,3}}[PtawOXTd']{{1,8}},?)"
    r"(?P<finite>b{1,2}d?)(?P<cue>v)"
)
PATTERNS = {
    "outcome": rf"(?P<n>N)(?P<np>{NP}){OUTCOME}",
    "single_outcome": rf"(?P<n>{SINGLE}|{DEFINITE}|{NAMED}|O){OUTCOME}",
    "single_relative": rf"(?P<n>{SINGLE}|{DEFINITE}|{NAMED}){RELATIVE}",
    "attribute": r"(?P<n>N)(?P<gap>d?)(?P<cue>[vj])(?P<head>[psklc])",
    "single_family": rf"(?P<n>{FAMILY}){TELLS}",
    "single_family_object": rf"(?P<cue>[vgf])(?P<n>{FAMILY})",
    "single_family_event_of": rf"(?P<cue>[eg])(?P<gap>F)(?P<n>{FAMILY})",
    "object": rf"(?P<cue>[vgf])(?P<gap>[dt]?)(?P<n>N)(?P<np>{NP})",
    "subject": rf"(?P<n>N)(?P<np>{NP}){TELLS}",
    "passing": rf"(?P<n>N)(?P<np>{OF}{INSIDE}{NOUN}){PASSING}",
    "single_passing": rf"(?P<n>{SINGLE}|{DEFINITE}|{NAMED}){PASSING}",
    "care": rf"(?P<n>N)(?P<np>{NP}){CARE}",
    "in_care": rf"(?P<n>N)(?P<np>{NP}){IN_CARE}",
    "left_in_care": rf"(?P<n>N)(?P<np>{NP})(?P<cue>P)(?P<to>[taO']{{0,3}}?[wO]{{1,3}})",
    "care_object": rf"(?P<cue>w)(?P<n>N)(?P<np>{NP}){TO}",
    "nominal": r"(?P<n>N)(?P<gap>[dwO]{0,2}?)(?P<cue>n)",
    "toll": r"(?P<cue>z)(?P<gap>[bwdPFthTO]{0,8}?)(?P<n>N)",
    "event_of": rf"(?P<cue>[eg])(?P<gap>Ft?)(?P<n>N)(?P<np>{NP})",
    "people": r"(?P<n>N)(?P<np>[wOX]{0,2}?O)(?P<finite>[bh]{0,2}d?)(?P<cue>j)",
    "unknown_noun": rf"(?P<n>N)(?P<np>F?t?[wOXYvj']{{0,3}}?[wuO])(?P<finite>{PASSIVE})(?P<cue>v)",
    "single": rf"(?P<n>{SINGLE}){TELLS}",
    "single_attribute": r"(?P<n>a)(?P<gap>d?)(?P<cue>v)(?P<head>[sl])",
    "single_object": rf"(?P<cue>[vgf])(?P<gap>[dt]?)(?P<n>{SINGLE})",
    "single_event_of": rf"(?P<cue>[eg])(?P<gap>F)(?P<n>(?:{SINGLE}|{DEFINITE}))(?P<after>{GOES_ON})",
    "single_definite_object": rf"(?P<cue>[vg])(?P<gap>d?)(?P<n>{DEFINITE})(?P<after>{ENDS})",
    "single_named_event_of": rf"(?P<cue>[eg])(?P<gap>F{TITLE})(?P<n>O{{1,4}})(?P<after>{ENDS})",
    "single_named_object": rf"(?P<cue>[vgf])(?P<gap>d?{TITLE})(?P<n>O{{1,4}})(?P<after>{ENDS})",
    "single_possessive": r"(?P<n>O{1,4}|[at]?[wY]?[sY])(?P<gap>'[wY]?)(?P<cue>e)(?P<after>[^psOgYN]|$)",
    "single_inverted_object": rf"(?P<cue>[vj])(?P<where>(?:P[taw]{{0,4}}?w)?)(?P<finite>b)(?P<n>{SINGLE}|{NAMED})",
    "inverted_object": rf"(?P<cue>[vj])(?P<where>(?:P[taw]{{0,4}}?w)?)(?P<finite>b)(?P<n>N)(?P<np>{NP})",
    "single_definite": rf"(?P<n>{DEFINITE}){TELLS}",
    "single_named": rf"(?P<n>{NAMED}){TELLS}",
    "single_surname": rf"(?P<n>{SURNAME}){TELLS}",
    "single_care_object": rf"(?P<cue>w)(?P<n>{SINGLE}){TO}",
    "single_another_object": rf"(?P<cue>[vgf])(?P<n>a)(?P<after>{ENDS})",
    "single_aged": rf"(?P<n>Y[sl]?){TELLS}",
    "single_headline_object": rf"(?P<cue>[vgf])(?P<n>{BARE})(?P<after>{ENDS})",
    "single_care": rf"(?P<n>{SINGLE}|{DEFINITE}|{NAMED}|O){CARE}",
    "subject_and": rf"(?P<n>N)(?P<np>{OF}{INSIDE}{NOUN}){WAS}",
    "single_and": rf"(?P<n>{SINGLE}|{DEFINITE}|{NAMED}){WAS}",
    "single_pronoun": r"(?P<n>u)(?P<finite>[bd]{0,4})(?P<cue>[vj])(?P<after>.?)",
    "single_kin": r"(?P<link>&)(?P<n>s)(?P<finite>b{1,3}d?)(?P<cue>[vj])(?P<more>(?:&[vj])?)(?P<after>.?)",
    "single_aged_event_of": rf"(?P<cue>[eg])(?P<gap>F)(?P<n>Ys?)(?P<after>{ENDS})",
    "single_headline": rf"(?P<n>{BARE}){TELLS}",
    "single_another": r"(?P<n>a)(?P<finite>b{0,3}d?)(?P<cue>[vj])(?P<after>[,;.PTCF&]|$)",
    "single_self": r"(?P<n>E)(?P<after>.?)",
    "multiple": r"(?P<n>D)(?P<after>.?)",
    "bodies": rf"(?P<n>N)(?P<np>{INSIDE}c)",
    "bodies_of": rf"(?P<cue>c)(?P<gap>Ft?)(?P<n>N)(?P<np>{NP})",
    "single_body_of": rf"(?P<cue>c)(?P<gap>F)(?P<n>(?:{SINGLE}|{DEFINITE}))(?P<after>{GOES_ON})",
    "killers_of": rf"(?P<cue>[kl])(?P<gap>Ft?)(?P<n>N)(?P<np>{NP})",
    "single_killers_of": rf"(?P<cue>[kl])(?P<gap>F)(?P<n>(?:{SINGLE}|{DEFINITE}|O{{2,4}}))(?P<after>{GOES_ON})",
    "single_owned_killers": r"(?P<n>O{2,4}|[at]?[wY]?[sY])(?P<gap>'[wY]?)(?P<cue>[kl])(?P<after>[^psOgYN]|$)",
    "together": rf"(?P<cue>[vj])(?P<gap>,?wP)(?P<n>N)(?P<np>{NP})",
    "single_together": rf"(?P<cue>[vj])(?P<gap>,?wP)(?P<n>(?:{SINGLE}|{DEFINITE}|{NAMED}))(?P<after>{ENDS})",
    "single_national": r"(?P<cue>[vgf])(?P<gap>d?)(?P<n>aO)(?P<after>[^Opkymciwsl']|$)",
    "attackers": rf"(?P<n>N)(?P<np>{OF}{INSIDE}k)",
    "munitions": rf"(?P<n>N)(?P<np>{OF}{INSIDE}[mi])",
    "troops": rf"(?P<n>N)(?P<np>{OF}{INSIDE}y)",
}
# Every pattern needs one of these, but for those of care, whose words stand in care.csv.
CUED = "[vjgfenzED]|N.*[cklmiy]|[ckl]F|'[wY]?[kl]"
# What is counted without a word of harm
KIND_OF_PATTERN = {
    "bodies": "killed",
    "bodies_of": "killed",
    "single_body_of": "killed",
    "killers_of": "killed",
    "single_killers_of": "killed",
    "single_owned_killers": "killed",
    "care": "wounded",
    "care_object": "wounded",
    "in_care": "wounded",
    "left_in_care": "wounded",
    "single_care": "wounded",
    "single_care_object": "wounded",
    "attackers": "attackers",
    "munitions": "munitions",
    "troops": "troops",
}
# "Including three children" behind those who were harmed, and what may stand behind it
SUBGROUP = rf"(?P<lead>L)(?P<n>N)(?P<np>{NP})(?P<after>[^wnmivj]|$)"
# "Including a boy and two girls,"; what goes on with a verb is told by that
PART_AND = r"(?P<lead>L)(?P<first>[Na])(?P<gap>[^,;Lv]{1,14}?&)(?P<n>[Nat])(?P<np>[wOXY';]{0,3}?[psl])(?P<after>[,;]|$)"
PART = r"(?P<lead>L)(?P<gap>[^,;L]{0,8}?)(?P<n>[NaE])"
