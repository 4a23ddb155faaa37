package dev.troth.slo.lint;

/** A template without a mistake; each test makes one. */
final class RightTemplate {
  static final String YAML =
      """
      AWSTemplateFormatVersion: 2010-09-09
      Parameters:
        Stage: {Type: String, Default: test}
        Topic: {Type: String}
      Conditions:
        Loud: !Not [!Equals [!Ref Topic, ""]]
      Resources:
        Fast:
          Type: AWS::CloudWatch::Alarm
          Properties:
            AlarmName: !Sub "${Stage}-fast"
            ComparisonOperator: GreaterThanThreshold
            Threshold: 14.4
            EvaluationPeriods: 1
            TreatMissingData: ignore
            Metrics:
              - Id: total
                MetricStat:
                  Metric:
                    Namespace: AWS/ApiGateway
                    MetricName: Count
                    Dimensions: [{Name: ApiName, Value: !Ref Api}]
                  Period: 3600
                  Stat: Sum
                ReturnData: false
              - Id: failed
                MetricStat:
                  Metric:
                    Namespace: AWS/ApiGateway
                    MetricName: 5XXError
                    Dimensions: [{Name: ApiName, Value: !Ref Api}]
                  Period: 3600
                  Stat: Sum
                ReturnData: false
              - Id: swallowed
                MetricStat:
                  Metric:
                    Namespace: Shop
                    MetricName: Swallowed
                  Period: 3600
                  Stat: Sum
                ReturnData: false
              - Id: burn
                Expression: IF(total > 0, (failed + swallowed) / total / 0.005)
                ReturnData: true
        Slow:
          Type: AWS::CloudWatch::Alarm
          Properties:
            AlarmName: !Join ["-", [!Ref Stage, slow]]
            ComparisonOperator: GreaterThanThreshold
            Threshold: 1
            EvaluationPeriods: 1
            Metrics:
              - Id: all
                MetricStat:
                  Metric: {Namespace: AWS/ApiGateway, MetricName: Latency, Dimensions: [{Name: ApiName, Value: !Ref Api}]}
                  Period: 3600
                  Stat: SampleCount
                ReturnData: false
              - Id: within
                MetricStat:
                  Metric: {Namespace: AWS/ApiGateway, MetricName: Latency, Dimensions: [{Name: ApiName, Value: !Ref Api}]}
                  Period: 3600
                  Stat: TC(:800)
                ReturnData: false
              - {Id: burn, Expression: "IF(all > 0, (all - within) / all / 0.05)", ReturnData: true}
        Page:
          Type: AWS::CloudWatch::CompositeAlarm
          DependsOn: Slow
          Properties:
            AlarmRule: !Sub 'ALARM("${Fast}") OR NOT (OK("test-slow") AND TRUE)'
            AlarmActions: !If [Loud, [!Ref Topic], !Ref "AWS::NoValue"]
        Api:
          Type: AWS::ApiGateway::RestApi
          Properties: {Name: !Sub "${AWS::StackName}-api"}
        Orders:
          Type: AWS::DynamoDB::Table
          Properties: {TableName: orders}
        Bus:
          Type: AWS::Events::EventBus
          Properties: {Name: orders}
        Board:
          Type: AWS::CloudWatch::Dashboard
          Properties:
            DashboardBody: !Sub |
              {"widgets": [
                {"type": "text", "properties": {"markdown": "orders"}},
                {"type": "metric", "properties": {"title": "ok", "start": "-P30D", "period": 3600, "region": "${AWS::Region}",
                  "metrics": [
                    [{"expression": "100 * (1 - bad / total)", "id": "ok", "label": "ok %"}],
                    ["AWS/ApiGateway", "Count", "ApiName", "${Api}", {"id": "total", "stat": "Sum", "visible": false}],
                    [".", "5XXError", ".", ".", {"id": "bad", "stat": "Sum", "visible": false}]]}}]}
      """;

  private RightTemplate() {}

  /** The same with one text replaced. */
  static String with(String from, String to) {
    if (!YAML.contains(from)) {
      throw new IllegalArgumentException("the template has no '" + from + "'");
    }
    int at = YAML.indexOf(from);
    return YAML.substring(0, at) + to + YAML.substring(at + from.length());
  }
}
