//! Kinds of tree-sitter's Python nodes as an enum, so that the walk compares bytes and not strings.

use std::sync::OnceLock;
use tree_sitter::{Language, Node};

macro_rules! kinds {
    ($($variant:ident $text:literal),* $(,)?) => {
        /// A named node's kind, or what class of token an anonymous one is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Kind { $($variant,)* Token, Comma, Colon, Extra, Error, Other }
        const NAMED: &[(&str, Kind)] = &[$(($text, Kind::$variant)),*];
    };
}

kinds! {
    AliasedImport "aliased_import", ArgumentList "argument_list", AsPattern "as_pattern",
    AsPatternTarget "as_pattern_target", Assert "assert_statement", Assignment "assignment",
    Attribute "attribute", AugmentedAssignment "augmented_assignment", Await "await",
    BinaryOperator "binary_operator", Block "block", BooleanOperator "boolean_operator",
    Break "break_statement", Call "call", CaseClause "case_clause", CasePattern "case_pattern",
    ClassDefinition "class_definition", ClassPattern "class_pattern",
    ComparisonOperator "comparison_operator", ComplexPattern "complex_pattern",
    ConcatenatedString "concatenated_string", Conditional "conditional_expression",
    ConstrainedType "constrained_type", Continue "continue_statement",
    DecoratedDefinition "decorated_definition", Decorator "decorator",
    DefaultParameter "default_parameter", Delete "delete_statement", DictPattern "dict_pattern",
    Dictionary "dictionary", DictionaryComprehension "dictionary_comprehension",
    DictionarySplat "dictionary_splat", DictionarySplatPattern "dictionary_splat_pattern",
    DottedName "dotted_name", Elif "elif_clause", Ellipsis "ellipsis", Else "else_clause",
    Except "except_clause", Exec "exec_statement", ExpressionList "expression_list",
    ExpressionStatement "expression_statement", False "false", Finally "finally_clause",
    Float "float", ForInClause "for_in_clause", For "for_statement",
    FormatExpression "format_expression", FormatSpecifier "format_specifier",
    FunctionDefinition "function_definition", FutureImport "future_import_statement",
    GeneratorExpression "generator_expression", GenericType "generic_type",
    Global "global_statement", Identifier "identifier", IfClause "if_clause", If "if_statement",
    ImportFrom "import_from_statement", Import "import_statement", Integer "integer",
    Interpolation "interpolation", KeywordArgument "keyword_argument",
    KeywordPattern "keyword_pattern", KeywordSeparator "keyword_separator", Lambda "lambda",
    LambdaParameters "lambda_parameters", List "list", ListComprehension "list_comprehension",
    ListPattern "list_pattern", ListSplat "list_splat", ListSplatPattern "list_splat_pattern",
    Match "match_statement", MemberType "member_type", NamedExpression "named_expression",
    None "none", Nonlocal "nonlocal_statement", Not "not_operator", Pair "pair",
    Parameters "parameters", Parenthesized "parenthesized_expression", Pass "pass_statement",
    PatternList "pattern_list", PositionalSeparator "positional_separator", Print "print_statement",
    Raise "raise_statement", RelativeImport "relative_import", Return "return_statement", Set "set",
    SetComprehension "set_comprehension", Slice "slice", SplatPattern "splat_pattern",
    SplatType "splat_type", String "string", StringStart "string_start", StringEnd "string_end",
    Subscript "subscript", True "true", Try "try_statement", Tuple "tuple",
    TuplePattern "tuple_pattern", Type "type", TypeAlias "type_alias_statement",
    TypeConversion "type_conversion", TypeParameter "type_parameter",
    TypedDefaultParameter "typed_default_parameter", TypedParameter "typed_parameter",
    UnaryOperator "unary_operator", UnionPattern "union_pattern", UnionType "union_type",
    While "while_statement", WildcardImport "wildcard_import", With "with_statement",
    WithClause "with_clause", WithItem "with_item", Yield "yield",
}

/// Fields of nodes that the walk asks for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields {
    pub(super) alias: u16,
    pub(super) attribute: u16,
    pub(super) cause: u16,
    pub(super) left: u16,
    pub(super) name: u16,
    pub(super) subject: u16,
    pub(super) operator: u16,
    pub(super) right: u16,
    pub(super) value: u16,
}

/// Tables of the grammar.
pub(super) struct Grammar {
    pub(super) fields: Fields,
    kinds: Vec<Kind>,
    texts: Vec<String>,
}

impl Grammar {
    pub(super) fn kind_of(&self, node: Node<'_>) -> Kind {
        self.kinds.get(node.kind_id() as usize).copied().unwrap_or(Kind::Error)
    }

    /// What a token says: `Node::kind`, without measuring and checking a C string each time.
    pub(super) fn token(&self, node: Node<'_>) -> &str {
        self.texts.get(node.kind_id() as usize).map_or("", String::as_str)
    }
}

/// The language. Made anew each time, which costs nothing: it cannot be shared between threads on every platform.
pub(super) fn language() -> Language {
    tree_sitter_python::LANGUAGE.into()
}

/// The tables of this process.
pub(super) fn grammar() -> &'static Grammar {
    static GRAMMAR: OnceLock<Grammar> = OnceLock::new();
    GRAMMAR.get_or_init(|| {
        let language = language();
        let count = u16::try_from(language.node_kind_count()).unwrap_or(u16::MAX);
        let kinds = (0..count).map(|id| kind_of(&language, id)).collect();
        let texts = (0..count).map(|id| language.node_kind_for_id(id).unwrap_or("").to_owned()).collect();
        let field = |name: &str| language.field_id_for_name(name).map_or(0, Into::into);
        let fields = Fields {
            alias: field("alias"),
            attribute: field("attribute"),
            cause: field("cause"),
            left: field("left"),
            name: field("name"),
            subject: field("subject"),
            operator: field("operator"),
            right: field("right"),
            value: field("value"),
        };
        Grammar { fields, kinds, texts }
    })
}

fn kind_of(language: &Language, id: u16) -> Kind {
    let text = language.node_kind_for_id(id).unwrap_or("");
    if language.node_kind_is_named(id) {
        if matches!(text, "comment" | "line_continuation") {
            return Kind::Extra;
        }
        return NAMED.iter().find(|(name, _)| *name == text).map_or(Kind::Other, |&(_, kind)| kind);
    }
    match text {
        "," => Kind::Comma,
        ":" => Kind::Colon,
        _ => Kind::Token,
    }
}
