//! Kinds of tree-sitter's Go nodes as an enum, so that the walk compares bytes and not strings.

use std::sync::OnceLock;
use tree_sitter::{Language, Node};

macro_rules! kinds {
    ($($variant:ident $text:literal),* $(,)?) => {
        /// A named node's kind, or what class of token an anonymous one is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Kind { $($variant,)* Token, Layout, Error, Other }
        const NAMED: &[(&str, Kind)] = &[$(($text, Kind::$variant)),*];
    };
}

kinds! {
    Assignment "assignment_statement", Binary "binary_expression", Blank "blank_identifier", Block "block",
    Call "call_expression", ChannelType "channel_type", CommunicationCase "communication_case", Comment "comment",
    ConstDeclaration "const_declaration", ConstSpec "const_spec", DefaultCase "default_case", Dot "dot",
    ElementList "literal_value", Empty "empty_statement", ExpressionCase "expression_case",
    ExpressionList "expression_list", ExpressionStatement "expression_statement",
    ExpressionSwitch "expression_switch_statement", False "false", FieldDeclaration "field_declaration",
    FieldIdentifier "field_identifier", Float "float_literal", ForClause "for_clause", For "for_statement",
    FunctionDeclaration "function_declaration", FunctionLiteral "func_literal", FunctionType "function_type",
    GenericType "generic_type", Identifier "identifier", If "if_statement", Imaginary "imaginary_literal",
    ImportDeclaration "import_declaration", ImportSpec "import_spec", ImportSpecList "import_spec_list",
    Integer "int_literal", Iota "iota", KeyedElement "keyed_element", Label "label_name", LabeledStatement "labeled_statement",
    LiteralElement "literal_element", MethodDeclaration "method_declaration", MethodElement "method_elem", Nil "nil",
    PackageClause "package_clause", PackageIdentifier "package_identifier",
    ParameterDeclaration "parameter_declaration", ParameterList "parameter_list",
    Parenthesized "parenthesized_expression", ParenthesizedType "parenthesized_type", PointerType "pointer_type",
    QualifiedType "qualified_type", RangeClause "range_clause", RawString "raw_string_literal",
    Receive "receive_statement", Rune "rune_literal", Select "select_statement", Selector "selector_expression",
    ShortVar "short_var_declaration", StatementList "statement_list", String "interpreted_string_literal", True "true",
    TypeAlias "type_alias", TypeArguments "type_arguments", TypeCase "type_case", TypeConversion "type_conversion_expression",
    TypeDeclaration "type_declaration",
    TypeIdentifier "type_identifier", TypeParameter "type_parameter_declaration",
    TypeParameters "type_parameter_list", TypeSpec "type_spec", TypeSwitch "type_switch_statement",
    Unary "unary_expression", VarDeclaration "var_declaration", VarSpec "var_spec", VarSpecList "var_spec_list",
    VariadicParameter "variadic_parameter_declaration",
}

/// Fields of nodes that the walk asks for.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub(super) alias: u16,
    pub(super) alternative: u16,
    pub(super) body: u16,
    pub(super) condition: u16,
    pub(super) consequence: u16,
    pub(super) field: u16,
    pub(super) function: u16,
    pub(super) initializer: u16,
    pub(super) key: u16,
    pub(super) left: u16,
    pub(super) name: u16,
    pub(super) operand: u16,
    pub(super) operator: u16,
    pub(super) package: u16,
    pub(super) parameters: u16,
    pub(super) path: u16,
    pub(super) receiver: u16,
    pub(super) result: u16,
    pub(super) right: u16,
    pub(super) r#type: u16,
    pub(super) type_parameters: u16,
    pub(super) update: u16,
    pub(super) value: u16,
}

/// The grammar's numbers.
#[derive(Debug)]
pub(super) struct Grammar {
    kinds: Vec<Kind>,
    pub(super) fields: Fields,
}

/// Go's grammar.
pub(super) fn language() -> Language {
    tree_sitter_go::LANGUAGE.into()
}

/// Its numbers, looked up once.
pub(super) fn grammar() -> &'static Grammar {
    static GRAMMAR: OnceLock<Grammar> = OnceLock::new();
    GRAMMAR.get_or_init(|| Grammar::new(&language()))
}

impl Grammar {
    fn new(language: &Language) -> Self {
        let kind_of = |id: u16| {
            let text = language.node_kind_for_id(id).unwrap_or("");
            if language.node_kind_is_named(id) {
                return NAMED.iter().find(|(name, _)| *name == text).map_or(Kind::Other, |(_, kind)| *kind);
            }
            // What separates and groups; the tree says the rest.
            let layout = matches!(text, "(" | ")" | "{" | "}" | "[" | "]" | "," | ";" | "\n" | "\0" | "");
            if layout { Kind::Layout } else { Kind::Token }
        };
        let kinds = (0..language.node_kind_count()).map(|id| u16::try_from(id).map_or(Kind::Other, kind_of)).collect();
        let field = |name: &str| language.field_id_for_name(name).map_or(0, Into::into);
        let fields = Fields {
            alias: field("alias"),
            alternative: field("alternative"),
            body: field("body"),
            condition: field("condition"),
            consequence: field("consequence"),
            field: field("field"),
            function: field("function"),
            initializer: field("initializer"),
            key: field("key"),
            left: field("left"),
            name: field("name"),
            operand: field("operand"),
            operator: field("operator"),
            package: field("package"),
            parameters: field("parameters"),
            path: field("path"),
            receiver: field("receiver"),
            result: field("result"),
            right: field("right"),
            r#type: field("type"),
            type_parameters: field("type_parameters"),
            update: field("update"),
            value: field("value"),
        };
        Grammar { kinds, fields }
    }

    pub(super) fn kind_of(&self, node: Node<'_>) -> Kind {
        if node.is_error() || node.is_missing() {
            return Kind::Error;
        }
        self.kinds.get(usize::from(node.kind_id())).copied().unwrap_or(Kind::Other)
    }
}
