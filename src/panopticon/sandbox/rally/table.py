"""Rally's standard types and fields as data, from the published WSAPI object model.

A line is `Name TYPE[:Target] [marks]`. Marks: `!` required, `ro` server-owned, `<Kind.Field` the
collection of what refers back, `~Kind.Field` the other end of a stored one, `=word` computed,
`*` a drop-down list of `choice.py`, `no` kept out of revisions, `day` a date cut to its
first moment, `night` to its last second. The groups of a type are its classes, ancestors first;
`flow` is the schedulable artifact's; `attached` and `work` belong to the type itself, for Rally
repeats those fields in each type.
"""

GROUPS = {
    "object": """
        CreationDate DATE ro no | ObjectID INTEGER ro =oid | ObjectUUID STRING ro =uuid
        VersionId STRING ro =version | Subscription OBJECT:Subscription ro =subscription""",
    "workspace": "Workspace OBJECT:Workspace",
    "artifact": """
        Changesets COLLECTION:Changeset <Changeset.Artifact
        Connections COLLECTION:PullRequest <PullRequest.Artifact
        CreatedBy OBJECT:User ro no | Description TEXT
        Discussion COLLECTION:ConversationPost <ConversationPost.Artifact
        DisplayColor STRING | Expedite BOOLEAN | FormattedID STRING ro no
        LastUpdateDate DATE ro no | LatestDiscussionAgeInMinutes INTEGER ro =talk
        Milestones COLLECTION:Milestone | Name STRING ! | Notes TEXT | Owner OBJECT:User
        Project OBJECT:Project | Ready BOOLEAN
        RevisionHistory OBJECT:RevisionHistory ro =history | Tags COLLECTION:Tag""",
    "flow": """
        FlowState OBJECT:FlowState | FlowStateChangedDate DATE ro
        LastBuild STRING ro | LastRun DATE ro | PassingTestCaseCount INTEGER ro =nothing
        ScheduleState STATE *schedule | ScheduleStatePrefix STRING ro =prefix
        TestCaseCount INTEGER ro =testcases""",
    "attached": """
        Attachments COLLECTION:Attachment <Attachment.Artifact | Recycled BOOLEAN ro""",
    "work": """
        AIAssisted BOOLEAN ro | AcceptedDate DATE ro
        Attachments COLLECTION:Attachment <Attachment.Artifact
        Blocked BOOLEAN | BlockedReason STRING | Blocker OBJECT:Artifact ro
        DragAndDropRank STRING ro no | InProgressDate DATE ro
        Iteration OBJECT:Iteration | Package STRING
        PlanEstimate QUANTITY | Recycled BOOLEAN ro | Release OBJECT:Release
        TaskActualTotal QUANTITY ro =actual | TaskEstimateTotal QUANTITY ro =estimate
        TaskRemainingTotal QUANTITY ro =remaining | TaskStatus STRING ro =taskstatus
        Tasks COLLECTION:Task <Task.WorkProduct | TestCaseStatus STRING ro =none
        TestCases COLLECTION:TestCase <TestCase.WorkProduct""",
    "story": """
        Ancestors COLLECTION:Artifact ro =ancestors
        Children COLLECTION:HierarchicalRequirement <HierarchicalRequirement.Parent
        Defects COLLECTION:Defect <Defect.Requirement | DefectStatus STRING ro =defectstatus
        DirectChildrenCount INTEGER ro =children
        Feature OBJECT:PortfolioItem/Feature ro =feature
        HasParent BOOLEAN ro =hasparent | Parent OBJECT:HierarchicalRequirement
        PortfolioItem OBJECT:PortfolioItem/Feature
        Predecessors COLLECTION:HierarchicalRequirement
        Risks COLLECTION:Risk ~Risk.WorkItemsAffected
        Successors COLLECTION:HierarchicalRequirement ~HierarchicalRequirement.Predecessors
        UnifiedParent OBJECT:Artifact ro =unified""",
    "defect": """
        AffectsDoc BOOLEAN | ClosedDate DATE ro
        DefectSuites COLLECTION:DefectSuite ~DefectSuite.Defects
        Duplicates COLLECTION:Defect | Environment RATING *environment
        FixedInBuild STRING | FoundInBuild STRING | OpenedDate DATE ro
        Priority RATING *priority
        ReleaseNote BOOLEAN | Requirement OBJECT:HierarchicalRequirement
        Resolution RATING *resolution | SalesforceCaseID STRING | SalesforceCaseNumber STRING
        Severity RATING *severity | State STATE *defectstate | SubmittedBy OBJECT:User
        TargetBuild STRING | TargetDate DATE day
        TestCaseResult OBJECT:TestCaseResult | VerifiedInBuild STRING""",
    "suite": """
        DefectStatus STRING ro =none | Defects COLLECTION:Defect""",
    "risk": """
        Impact STRING | Probability STRING | Response STRING | State STATE *riskstate
        WorkItemsAffected COLLECTION:Artifact""",
    "task": """
        Actuals QUANTITY | Blocked BOOLEAN | BlockedReason STRING | DragAndDropRank STRING ro no
        Estimate QUANTITY | Iteration OBJECT:Iteration ro | Release OBJECT:Release ro
        State STATE *taskstate | TaskIndex INTEGER | ToDo QUANTITY
        WorkProduct OBJECT:Artifact !""",
    "testcase": """
        DragAndDropRank STRING ro no | Method STATE *method | Objective TEXT | PreConditions TEXT
        Priority RATING *testpriority
        Type STATE *testtype | WorkProduct OBJECT:Artifact""",
    "result": """
        Build STRING ! | Date DATE ! | Notes TEXT | TestCase OBJECT:TestCase !
        Tester OBJECT:User | Verdict STATE *verdict""",
    "portfolio": """
        AcceptedLeafStoryCount INTEGER ro =leafaccepted | ActualEndDate DATE ro
        ActualStartDate DATE ro | Archived BOOLEAN
        Attachments COLLECTION:Attachment <Attachment.Artifact
        DirectChildrenCount INTEGER ro =children
        DragAndDropRank STRING ro no | InvestmentCategory RATING *investment
        LeafStoryCount INTEGER ro =leaf | PercentDoneByStoryCount DECIMAL ro =donecount
        PercentDoneByStoryPlanEstimate DECIMAL ro =doneplan | PlannedEndDate DATE day
        PlannedStartDate DATE day | PreliminaryEstimate OBJECT:PreliminaryEstimate
        Recycled BOOLEAN ro | Release OBJECT:Release | State OBJECT:State""",
    "feature": """
        Parent OBJECT:PortfolioItem/Epic | Predecessors COLLECTION:PortfolioItem/Feature
        Successors COLLECTION:PortfolioItem/Feature ~PortfolioItem/Feature.Predecessors
        UserStories COLLECTION:HierarchicalRequirement <HierarchicalRequirement.PortfolioItem""",
    "epic": """
        Children COLLECTION:PortfolioItem/Feature <PortfolioItem/Feature.Parent
        Predecessors COLLECTION:PortfolioItem/Epic
        Successors COLLECTION:PortfolioItem/Epic ~PortfolioItem/Epic.Predecessors""",
    "iteration": """
        EndDate DATE ! night | LastUpdateDate DATE ro no | Name STRING ! | Notes TEXT
        PlanEstimate QUANTITY ro =planned | PlannedVelocity QUANTITY
        Project OBJECT:Project | RevisionHistory OBJECT:RevisionHistory ro =history
        StartDate DATE ! day | State STATE *iterationstate | Theme TEXT""",
    "release": """
        LastUpdateDate DATE ro no | Name STRING ! | Notes TEXT | PlannedVelocity QUANTITY
        Project OBJECT:Project | ReleaseDate DATE ! night | ReleaseStartDate DATE ! day
        RevisionHistory OBJECT:RevisionHistory ro =history
        State STATE *releasestate | Theme TEXT | Version STRING""",
    "project": """
        Children COLLECTION:Project <Project.Parent | Description TEXT
        Editors COLLECTION:User | Iterations COLLECTION:Iteration <Iteration.Project
        LastUpdateDate DATE ro no | Name STRING ! | Notes TEXT | Owner OBJECT:User
        Parent OBJECT:Project | Releases COLLECTION:Release <Release.Project
        SchemaVersion STRING ro =schema | State STATE *openclosed
        TeamMembers COLLECTION:User""",
    "workspaces": """
        Children COLLECTION:Project <Project.Workspace | Description TEXT
        LastUpdateDate DATE ro no | Name STRING ! | Notes TEXT | Owner OBJECT:User
        Projects COLLECTION:Project <Project.Workspace
        SchemaVersion STRING ro =schema | State STATE *openclosed | Style STRING
        TypeDefinitions COLLECTION:TypeDefinition <TypeDefinition.Workspace
        WorkspaceConfiguration OBJECT:WorkspaceConfiguration""",
    "configuration": """
        DateFormat STRING | DateTimeFormat STRING | IterationEstimateUnitName STRING
        TaskUnitName STRING | TimeZone STRING | WorkDays STRING""",
    "subscription": """
        LastUpdateDate DATE ro no | Modules STRING | Name STRING ! | StoryHierarchyType STRING
        SubscriptionID INTEGER ro | SubscriptionType STRING
        Workspaces COLLECTION:Workspace <Workspace.Subscriber""",
    "user": """
        AccountLockedUntil DATE ro | CostCenter STRING | DefaultProject OBJECT:Project
        DefaultWorkspace OBJECT:Workspace | Department STRING
        Disabled BOOLEAN | DisplayName STRING | EmailAddress STRING ! | FirstName STRING
        LastName STRING | LastUpdateDate DATE ro no | MiddleName STRING | OfficeLocation STRING
        OnpremLdapUsername STRING | Phone STRING | Planner BOOLEAN | Role STRING
        ShortDisplayName STRING | SubscriptionAdmin BOOLEAN ro
        SubscriptionPermission STRING ro
        TeamMemberships COLLECTION:Project ~Project.TeamMembers | UserName STRING !
        UserProfile OBJECT:UserProfile ro | WorkspacePermission STRING ro
        sessionTimeout INTEGER""",
    "permission": "Name STRING ro | Role STRING ro | User OBJECT:User ro",
    "profile": """
        DateFormat STRING | DateTimeFormat STRING | DefaultProject OBJECT:Project
        DefaultWorkspace OBJECT:Workspace | EmailNotificationEnabled BOOLEAN
        TimeZone STRING""",
    "tag": """
        Archived BOOLEAN | Name STRING ! | UsageCount INTEGER ro =usage""",
    "milestone": """
        Artifacts COLLECTION:Artifact ~Artifact.Milestones | CreatedBy OBJECT:User ro no
        Description TEXT | DisplayColor STRING | FormattedID STRING ro no
        LastUpdateDate DATE ro no | Name STRING ! | Notes TEXT | Projects COLLECTION:Project
        RevisionHistory OBJECT:RevisionHistory ro =history | TargetDate DATE day
        TargetProject OBJECT:Project | TotalArtifactCount INTEGER ro =artifacts
        TotalProjectCount INTEGER ro =projects""",
    "state": """
        AcceptedMarker BOOLEAN | Description TEXT | Enabled BOOLEAN
        InProgressMarker BOOLEAN | Name STRING !
        OrderIndex INTEGER | TypeDef OBJECT:TypeDefinition | WIPLimit INTEGER""",
    "flowstate": """
        AgeThreshold INTEGER | ExitPolicy TEXT | Name STRING ! | NonValueAdd BOOLEAN
        OrderIndex INTEGER | Project OBJECT:Project ro | ScheduleStateMapping STATE *schedule
        WIPLimit INTEGER""",
    "estimate": "Description TEXT | Name STRING ! | Value DECIMAL",
    "post": """
        Artifact OBJECT:Artifact ! | LastUpdateDate DATE ro no | PostNumber INTEGER ro
        Text TEXT ! | User OBJECT:User""",
    "attachment": """
        Artifact OBJECT:Artifact | Content OBJECT:AttachmentContent ! | ContentType STRING !
        Description TEXT | Name STRING ! | Size INTEGER ! | User OBJECT:User""",
    "content": "Content BINARY_DATA !",
    "history": "Revisions COLLECTION:Revision <Revision.RevisionHistory",
    "revision": """
        Description TEXT ro | RevisionHistory OBJECT:RevisionHistory ro
        RevisionNumber INTEGER ro | User OBJECT:User ro""",
    "recycled": """
        DeletedBy OBJECT:User ro | DeletionDate DATE ro | ID STRING ro | ItemOID INTEGER ro
        Name STRING ro | Type STRING ro""",
    "typedefinition": """
        Abstract BOOLEAN ro
        Attributes COLLECTION:AttributeDefinition <AttributeDefinition.TypeDefinition
        Copyable BOOLEAN ro | Creatable BOOLEAN ro | Deletable BOOLEAN ro | DisplayName STRING
        ElementName STRING ro | IDPrefix STRING | Name STRING ro | Note TEXT
        Ordinal INTEGER ro | Parent OBJECT:TypeDefinition ro
        Queryable BOOLEAN ro | ReadOnly BOOLEAN ro
        Restorable BOOLEAN ro | RevisionHistory OBJECT:RevisionHistory ro =history
        TypePath STRING ro | UserListable BOOLEAN ro""",
    "attributedefinition": """
        AllowedQueryOperators STRING ro
        AllowedValues COLLECTION:AllowedAttributeValue <AllowedAttributeValue.AttributeDefinition
        AllowedValueType OBJECT:TypeDefinition ro | AttributeType STRING ro
        Constrained BOOLEAN ro | Custom BOOLEAN ro | Deletable BOOLEAN ro | ElementName STRING ro
        Filterable BOOLEAN ro | Hidden BOOLEAN ro | MaxFractionalDigits INTEGER ro
        MaxLength INTEGER ro
        Name STRING ! | Note TEXT | Owned BOOLEAN ro
        ReadOnly BOOLEAN ro | RealAttributeType STRING
        Required BOOLEAN ro | SchemaType STRING ro | Sortable BOOLEAN ro
        TypeDefinition OBJECT:TypeDefinition | VisibleOnlyToAdmins BOOLEAN""",
    "allowedvalue": """
        AttributeDefinition OBJECT:AttributeDefinition ! | Available BOOLEAN
        IntegerValue INTEGER | LocalizedStringValue STRING ro =label | StringValue STRING
        ValueIndex INTEGER""",
    "preference": """
        AppId STRING | Name STRING ! | Project OBJECT:Project | Type STRING | User OBJECT:User
        Value TEXT""",
    "pullrequest": """
        Artifact OBJECT:Artifact ! | Description TEXT | ExternalFormattedId STRING !
        ExternalID STRING ! | Name STRING ! | Url STRING !""",
    "changeset": """
        Artifact OBJECT:Artifact | Author OBJECT:User | Branch STRING | CommitTimestamp DATE !
        Message TEXT | Name STRING | Revision STRING !
        SCMRepository OBJECT:SCMRepository !""",
    "scm": "Description TEXT | Name STRING ! | SCMType STRING ! | Uri STRING",
}

# name | display name | prefix | parent | groups | marks: a abstract, q queryable only, g global
KINDS = """
PersistableObject | Persistable Object |  |  |  | a
DomainObject | Domain Object |  | PersistableObject |  | a
WorkspaceDomainObject | Workspace Domain Object |  | DomainObject |  | a
Artifact | Artifact |  | WorkspaceDomainObject | artifact attached | a
RankableArtifact | Rankable Artifact |  | Artifact | artifact attached | a
SchedulableArtifact | Schedulable Artifact |  | RankableArtifact | artifact flow work | a
Requirement | Requirement |  | SchedulableArtifact | artifact flow work | a
PortfolioItem | Portfolio Item |  | RankableArtifact | artifact portfolio | a
HierarchicalRequirement | Hierarchical Requirement | US | Requirement | artifact flow work story |
Defect | Defect | DE | SchedulableArtifact | artifact flow work defect |
Task | Task | TA | RankableArtifact | artifact attached task |
TestCase | Test Case | TC | RankableArtifact | artifact attached testcase |
DefectSuite | Defect Suite | DS | SchedulableArtifact | artifact flow work suite |
Risk | Risk | RI | RankableArtifact | artifact attached risk |
TestCaseResult | Test Case Result |  | WorkspaceDomainObject | result |
PortfolioItem/Feature | Feature | F | PortfolioItem | artifact portfolio feature |
PortfolioItem/Epic | Epic | E | PortfolioItem | artifact portfolio epic |
Milestone | Milestone | MI | WorkspaceDomainObject | milestone |
Iteration | Iteration |  | WorkspaceDomainObject | iteration |
Release | Release |  | WorkspaceDomainObject | release |
Project | Project |  | WorkspaceDomainObject | project |
Workspace | Workspace |  | DomainObject | workspaces | g
WorkspaceConfiguration | Workspace Configuration |  | WorkspaceDomainObject | configuration |
Subscription | Subscription |  | DomainObject | subscription | gq
User | User |  | DomainObject | user | g
UserProfile | User Profile |  | DomainObject | profile | g
WorkspacePermission | Workspace Permission |  | DomainObject | permission | q
ProjectPermission | Project Permission |  | DomainObject | permission | q
Tag | Tag |  | WorkspaceDomainObject | tag |
State | State |  | WorkspaceDomainObject | state |
FlowState | Flow State |  | WorkspaceDomainObject | flowstate |
PreliminaryEstimate | Preliminary Estimate |  | WorkspaceDomainObject | estimate |
ConversationPost | Conversation Post |  | WorkspaceDomainObject | post |
Attachment | Attachment |  | WorkspaceDomainObject | attachment |
AttachmentContent | Attachment Content |  | WorkspaceDomainObject | content |
RevisionHistory | Revision History |  | WorkspaceDomainObject | history | q
Revision | Revision |  | WorkspaceDomainObject | revision | q
RecycleBinEntry | Recycle Bin Entry |  | WorkspaceDomainObject | recycled | q
TypeDefinition | Type Definition |  | WorkspaceDomainObject | typedefinition | q
AttributeDefinition | Attribute Definition |  | WorkspaceDomainObject | attributedefinition |
AllowedAttributeValue | Allowed Attribute Value |  | WorkspaceDomainObject | allowedvalue |
Preference | Preference |  | WorkspaceDomainObject | preference |
PullRequest | Pull Request |  | WorkspaceDomainObject | pullrequest |
Changeset | Changeset |  | WorkspaceDomainObject | changeset |
SCMRepository | SCM Repository |  | WorkspaceDomainObject | scm |
"""
